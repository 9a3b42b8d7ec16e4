"""Lines to import."""
