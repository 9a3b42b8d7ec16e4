"""Noise in aggregates, and the privacy budget that it spends."""
