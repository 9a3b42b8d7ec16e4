"""Tests of accounts, identity."""
