"""Logging in: passwords, sessions, devices, and who sends a request."""
