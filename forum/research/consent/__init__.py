"""Consent: what it permits, what it lets in of the past, and withdrawal."""
