"""Bringing a community in from elsewhere: JSON lines, through the same services as every door."""
