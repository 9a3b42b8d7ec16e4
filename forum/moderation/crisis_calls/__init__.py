"""Calling people to a crisis, step by step, until one of them says that they are there."""
