"""What worked: effects, indicators, forecasts."""
