"""Tests of bells."""
