"""Source: Foreign Military Training and DoD Engagement Activities of Interest, single activities."""
