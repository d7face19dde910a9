"""Source: estimates of leaders' willingness to use force."""
