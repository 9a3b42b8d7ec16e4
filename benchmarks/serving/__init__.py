"""What pages, replies, live updates and starts cost."""
