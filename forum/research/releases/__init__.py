"""What leaves the house: built from a snapshot, attacked before it is written, and remembered."""
