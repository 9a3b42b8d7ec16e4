"""What a reader keeps: read positions, drafts, bookmarks, followed threads."""
