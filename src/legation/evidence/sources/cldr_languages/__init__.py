"""Source: CLDR territory and language information."""
