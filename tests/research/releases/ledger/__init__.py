"""Tests of research: ledger."""
