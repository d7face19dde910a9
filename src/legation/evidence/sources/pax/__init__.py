"""Source: PA-X Peace Agreements Database."""
