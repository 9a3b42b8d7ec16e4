"""Tests of activity: measures."""
