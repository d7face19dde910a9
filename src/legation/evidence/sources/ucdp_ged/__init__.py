"""Source: UCDP Georeferenced Event Dataset, events."""
