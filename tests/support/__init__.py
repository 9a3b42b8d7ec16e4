"""Builders, servers and worlds for tests; never a test."""
