"""Tests of accounts, lifecycle."""
