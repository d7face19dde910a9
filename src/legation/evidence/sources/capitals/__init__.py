"""Source: capitals with their dates and coordinates, in both state systems."""
