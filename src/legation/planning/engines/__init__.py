"""Solvers behind one interface; each imports its library when it is used."""
