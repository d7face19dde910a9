"""Source: Ukraine Support Tracker."""
