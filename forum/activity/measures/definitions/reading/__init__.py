"""How much people read."""
