"""Source: GDELT 2 Event Database."""
