"""Source: both state systems with dated spells, and the crosswalk between their codes by year."""
