"""Source: latent territorial threat, an estimate per state and year."""
