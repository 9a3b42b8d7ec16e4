"""Studies: planned, opened and closed by their researchers."""
