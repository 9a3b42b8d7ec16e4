"""The addresses and socket events of moderation actions in a meeting's room."""
