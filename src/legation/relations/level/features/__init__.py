"""Evidence of dyad-years as columns: disputes, rivalries, ties, states, votes, networks."""
