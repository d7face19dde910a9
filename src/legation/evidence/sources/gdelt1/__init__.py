"""Source: GDELT 1 Event Database."""
