"""Tests of moderation, reports."""
