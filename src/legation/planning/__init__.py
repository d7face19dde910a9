"""What to do next: data, model, solve, result, explain."""
