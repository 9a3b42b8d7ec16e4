"""Tests of research: figures."""
