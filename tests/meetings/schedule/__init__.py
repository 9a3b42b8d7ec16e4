"""Tests of meetings, schedule."""
