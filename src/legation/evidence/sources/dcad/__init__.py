"""Source: Defense Cooperation Agreement Dataset."""
