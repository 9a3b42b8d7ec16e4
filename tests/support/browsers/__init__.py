"""Real browsers, and the people who sit at them."""
