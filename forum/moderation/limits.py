"""How long the words of moderators may be."""

REASON_MAX, MESSAGE_MAX = 500, 2000
