"""Source: Natural Earth admin-0 countries, 1:110m and 1:50m."""
