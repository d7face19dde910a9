"""Source: gross domestic product and population, with the uncertainty of the estimates."""
