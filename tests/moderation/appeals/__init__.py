"""Tests of moderation, appeals."""
