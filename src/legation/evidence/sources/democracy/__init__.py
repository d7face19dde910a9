"""Source: how democratic a state is, by three measures."""
