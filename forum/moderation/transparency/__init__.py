"""What was reported and done in a year, for everybody."""
