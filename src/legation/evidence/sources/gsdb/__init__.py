"""Source: Global Sanctions Data Base."""
