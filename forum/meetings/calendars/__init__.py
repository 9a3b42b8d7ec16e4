"""Secret calendar addresses, and what calendar programs read there."""
