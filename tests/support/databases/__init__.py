"""Real databases, and counts and plans of their queries."""
