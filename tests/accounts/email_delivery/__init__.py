"""Tests of accounts, email delivery."""
