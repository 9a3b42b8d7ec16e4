"""Studies: consent, what researchers see, and what leaves the house."""
