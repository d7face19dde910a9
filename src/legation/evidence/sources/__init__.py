"""One folder per source: a description in TOML and one load function."""
