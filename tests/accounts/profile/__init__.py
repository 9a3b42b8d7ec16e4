"""Tests of accounts, profile."""
