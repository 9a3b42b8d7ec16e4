"""What open pages of a thread are sent: of its posts, and of who is there."""
