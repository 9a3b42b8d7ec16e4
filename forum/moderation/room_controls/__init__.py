"""Moderation actions in a meeting's room."""
