"""Tests of research: studies."""
