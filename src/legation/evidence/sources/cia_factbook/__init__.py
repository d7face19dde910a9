"""Source: The World Factbook."""
