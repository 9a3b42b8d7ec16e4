"""Tests of accounts, login."""
