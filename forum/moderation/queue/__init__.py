"""The moderation queue: what needs attention, claimed, handed over, resolved."""
