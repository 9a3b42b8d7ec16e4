"""Tests of moderation, room controls."""
