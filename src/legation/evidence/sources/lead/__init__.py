"""Source: what leaders had done before office, and codes that join leaders of several data sets."""
