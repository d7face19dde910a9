"""Source: the peace scale, five levels of relation between two states, as of 31 December of each year."""
