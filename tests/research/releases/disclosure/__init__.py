"""Tests of research: disclosure."""
