"""Source: SIPRI Arms Transfers Database, per supplier, recipient and year."""
