"""Source: direct contiguity by land and sea, of the Correlates of War project."""
