"""Source: leaders of states with their dates and how they came and went."""
