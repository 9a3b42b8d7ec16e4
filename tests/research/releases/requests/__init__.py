"""Tests of research: requests."""
