"""Plans under uncertainty: draws, scores on scenarios, plans for scenarios, regret, the value of waiting, sweeps."""
