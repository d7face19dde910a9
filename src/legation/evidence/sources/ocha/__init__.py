"""Source: Financial Tracking Service: humanitarian requirements and funding."""
