"""Source: the Gleditsch-Ward list of independent states."""
