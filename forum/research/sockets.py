"""The Socket.IO door for reading time."""

from forum.accounts.current import viewer
from forum.core.realtime import on
from forum.research import page_tokens, reading
from forum.research.reading import Read


@on("activity:reading")
def told(page: str, low_ms: int, high_ms: int, posts: str = "") -> None:
    """Say for how long a page has been read by now; `posts` are ids, parted by commas."""
    reading.told(viewer(), page_tokens.page_of(page), Read(low_ms, high_ms, posts))
