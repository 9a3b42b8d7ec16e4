"""Undoing an action, and a member's appeal against one."""
