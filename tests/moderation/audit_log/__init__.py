"""Tests of moderation, audit log."""
