"""Muting and blocking somebody with whom one has something to do."""
