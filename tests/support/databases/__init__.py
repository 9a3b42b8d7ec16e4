"""Real databases, and what is asked of them."""
