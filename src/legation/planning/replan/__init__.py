"""Plan anew after a change: the best plan at the least disruption of the one that people already work to."""
