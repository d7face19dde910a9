"""Source: memberships in intergovernmental organisations, of the Correlates of War project."""
