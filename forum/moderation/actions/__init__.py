"""Moderation actions: what can be done to posts, threads and people, and how it is logged."""
