"""What people write, and the reactions to it."""
