"""Source: the wars of the Correlates of War project: between states, within states, and by directed dyad."""
