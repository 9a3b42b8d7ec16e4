"""How often and how long people come."""
