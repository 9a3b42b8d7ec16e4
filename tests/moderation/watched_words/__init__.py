"""Tests of moderation, watched words."""
