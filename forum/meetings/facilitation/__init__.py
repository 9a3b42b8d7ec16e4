"""What facilitators do in a room, and the greeting to latecomers."""
