"""How long what is written in threads may be, in characters, whatever the door."""

BODY_MAX = 20_000
TITLE_MIN, TITLE_MAX = 3, 150
CONTENT_NOTE_MAX = 80
DECLINE_REASON_MAX = 1_000
