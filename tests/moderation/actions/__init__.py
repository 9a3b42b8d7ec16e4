"""Tests of moderation, actions."""
