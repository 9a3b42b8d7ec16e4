"""Invitations to a group."""
