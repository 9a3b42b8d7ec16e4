"""Tests of research: completeness."""
