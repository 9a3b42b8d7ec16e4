"""Actions on people, one a file."""
