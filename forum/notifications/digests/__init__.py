"""Summaries: what somebody chose to hear of daily or weekly, and news of their groups."""
