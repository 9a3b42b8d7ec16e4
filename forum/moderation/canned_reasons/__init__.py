"""Reasons that are offered for an action."""
