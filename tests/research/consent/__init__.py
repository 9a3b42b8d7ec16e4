"""Tests of research: consent."""
