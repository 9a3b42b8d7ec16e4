"""The record against what the forum itself knows: missing and unexplained events."""
