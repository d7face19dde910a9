"""Keep diplomatic missions and military objectives in step."""
