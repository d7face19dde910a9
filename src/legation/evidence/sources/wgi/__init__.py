"""Source: Worldwide Governance Indicators."""
