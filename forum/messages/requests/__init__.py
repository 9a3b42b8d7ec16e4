"""Whether two people talk: asking for a conversation, answering, leaving."""
