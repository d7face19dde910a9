"""Source: UCDP/PRIO Armed Conflict Dataset."""
