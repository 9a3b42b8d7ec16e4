"""Words that bring a post to the queue."""
