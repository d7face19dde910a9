"""Source: Who, Where and When: international travel of top Chinese leaders."""
