"""Source: UCDP Georeferenced Event Dataset, deaths per country and month."""
