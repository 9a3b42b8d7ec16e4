"""Tests of core: text."""
