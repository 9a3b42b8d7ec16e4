"""How long what is written in threads may be, in characters, and how much is on a page.

Pages and scripts read these from here too.
"""

BODY_MAX = 20_000
TITLE_MIN, TITLE_MAX = 3, 150
CONTENT_NOTE_MAX = 80
REASON_MAX = 500
DECLINE_REASON_MAX = 1_000
IDEMPOTENCY_KEY_MAX = 64
POSTS_A_PAGE = 20
