"""Source: arms races after Gibler, Rider and Hutchison."""
