"""Source: CAMEO event codes with Goldstein values, and their conversion to PLOVER."""
