"""What a member prefers: which content notes are open, closed or out of sight."""
