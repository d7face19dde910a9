"""Source: the shortest distance between two states, by year."""
