"""Source: alliances and their obligations, of the ATOP project."""
