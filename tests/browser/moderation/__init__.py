"""Tests of browser, moderation."""
