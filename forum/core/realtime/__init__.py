"""The Socket.IO door: events, what comes in and how much of it, who is present."""
