"""Source: Providing for Peacekeeping: contributions to United Nations missions."""
