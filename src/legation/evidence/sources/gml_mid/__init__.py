"""Source: the Gibler-Miller-Little corrections of the militarized interstate disputes."""
