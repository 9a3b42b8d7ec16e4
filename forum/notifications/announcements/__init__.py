"""Announcements: what an administrator tells all members, or those of one group."""
