"""What is said in a conversation: reading, showing, vanishing, erasing it."""
