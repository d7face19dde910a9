"""Source: ethnic fractionalisation by year, the HIEF data."""
