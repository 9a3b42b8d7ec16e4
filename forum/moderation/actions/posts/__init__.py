"""Actions on posts, one a file."""
