"""What left the house, and who is in it."""
