"""Source: Identifying the level of major power support signaled for protégés."""
