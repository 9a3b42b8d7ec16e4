"""Tests of research: package."""
