"""Source: Multinational Military Exercises and Joint Military Exercises."""
