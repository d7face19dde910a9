"""Labels, access decisions, signed bundles."""
