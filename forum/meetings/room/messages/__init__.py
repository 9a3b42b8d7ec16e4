"""What is said in a room: messages, private notes to the facilitators, quotations."""
