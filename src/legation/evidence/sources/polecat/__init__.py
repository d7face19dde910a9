"""Source: POLECAT: Political Event Classification, Attributes, and Types."""
