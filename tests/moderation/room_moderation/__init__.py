"""Tests of moderation, endpoints of rooms."""
