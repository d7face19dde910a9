"""Source: the Correlates of War list of major powers."""
