"""Pre-moderation: pending posts and edits, approved or declined."""
