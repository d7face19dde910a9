"""Who acts: dated states and codes, organisations and memberships, non-state actors."""
