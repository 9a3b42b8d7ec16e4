"""Tests of private messages."""
