"""Source: ruggedness of terrain."""
