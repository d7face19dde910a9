"""Source: ICEWS Coded Event Data."""
