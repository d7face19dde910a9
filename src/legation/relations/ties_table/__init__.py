"""Dated ties between two actors: one table, one schema, one module per kind."""
