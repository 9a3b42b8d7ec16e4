"""Studies: planned, opened and closed by those who run them."""
