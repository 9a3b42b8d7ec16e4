"""Who only reads, by definitions that disagree."""
