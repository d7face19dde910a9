"""Source: United Nations General Assembly Voting Data."""
