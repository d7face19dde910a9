"""Source: Formal Bilateral Influence Capacity of China and Russia."""
