"""Source: Visits abroad of principals of the United States Department of Defense."""
