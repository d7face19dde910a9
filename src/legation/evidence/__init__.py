"""What is known of the world: one folder per source, a catalogue, the baseline."""
