"""Questions asked of simulations: comparisons, trials, sweeps."""
