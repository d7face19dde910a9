"""Source: United States military bases abroad."""
