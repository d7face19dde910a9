"""Source: Bridges between roll calls of the UN General Assembly."""
