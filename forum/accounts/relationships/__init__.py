"""Muting and blocking."""
