"""How missions and objectives fit together."""
