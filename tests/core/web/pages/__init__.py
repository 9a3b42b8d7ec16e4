"""Tests of every page as its reader finds it."""
