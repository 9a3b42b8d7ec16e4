"""Tests of meetings, room."""
