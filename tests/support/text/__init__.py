"""Hostile and harmless words, and what may be made of them."""
