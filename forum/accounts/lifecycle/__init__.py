"""When somebody may not use their account: suspended for a time or for good, or closed."""
