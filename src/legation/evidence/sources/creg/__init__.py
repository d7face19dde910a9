"""Source: ethnic and religious fractionalisation and polarisation, from the CREG data."""
