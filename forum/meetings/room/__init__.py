"""A meeting's room: messages, raised hands and the speaking queue, live."""
