"""Source: GeoDist: distances between countries."""
