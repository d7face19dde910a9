"""When things can be done: tasks with modes, shared capacity, people with skills; earliest end, proven."""
