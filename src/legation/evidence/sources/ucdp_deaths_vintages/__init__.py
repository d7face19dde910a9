"""Source: Deaths in organised violence as known at each month."""
