"""Tests of research: recording."""
