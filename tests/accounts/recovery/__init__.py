"""Tests of accounts, recovery."""
