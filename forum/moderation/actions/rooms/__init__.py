"""Actions in a meeting's room, one a file."""
