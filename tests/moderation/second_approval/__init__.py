"""Tests of moderation, second approval."""
