"""Tests of moderation, on call."""
