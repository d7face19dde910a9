"""Source: the National Material Capabilities of the Correlates of War project."""
