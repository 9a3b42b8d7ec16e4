"""Bells: facilitators and moderators are told of what waits for them, each after its own time."""
