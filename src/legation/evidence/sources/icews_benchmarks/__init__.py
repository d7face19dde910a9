"""Source: ICEWS14, ICEWS18 and ICEWS05-15 benchmarks."""
