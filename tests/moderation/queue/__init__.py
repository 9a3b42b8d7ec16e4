"""Tests of moderation, queue."""
