"""Source: United States military personnel by host country."""
