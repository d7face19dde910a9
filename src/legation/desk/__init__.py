"""Our own work: types and rules, no input or output."""
