"""Actions on threads, one a file."""
