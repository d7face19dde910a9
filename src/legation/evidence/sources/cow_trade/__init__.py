"""Source: trade between states, of the Correlates of War project."""
