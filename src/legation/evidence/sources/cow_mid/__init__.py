"""Source: the Militarized Interstate Disputes of the Correlates of War project."""
