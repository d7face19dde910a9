"""Source: the Correlates of War state system membership list."""
