"""The planning problem as sparse arrays, every row named."""
