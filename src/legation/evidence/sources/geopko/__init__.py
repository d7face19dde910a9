"""Source: Geocoded Peacekeeping Operations (Geo-PKO)."""
