"""What somebody shows of themselves, and the guidelines that they accepted."""
