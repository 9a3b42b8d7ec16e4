"""What recording, measures and releases cost, and what releases keep."""
