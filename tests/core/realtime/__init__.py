"""Tests of live connections."""
