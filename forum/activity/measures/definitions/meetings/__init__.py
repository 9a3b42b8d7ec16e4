"""How much people meet."""
