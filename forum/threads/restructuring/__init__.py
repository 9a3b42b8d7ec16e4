"""Moving, splitting and merging threads."""
