"""Classes in which everybody is like at least ten others."""
