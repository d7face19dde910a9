"""Source: signed networks of alliances and disputes in windows of four years, 1946 to 1999."""
