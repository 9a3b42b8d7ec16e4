"""The Socket.IO door for reading time."""

from forum.accounts.login.current_user import viewer
from forum.core.realtime.socket_events import on
from forum.research.recording import page_tokens, reading
from forum.research.recording.reading import ReadingReport


@on("activity:reading")
def report_reading(page: str, low_ms: int, high_ms: int, posts: str = "") -> None:
    """Say for how long a page has been read by now; `posts` are ids, parted by commas."""
    reading.report_reading(
        viewer(), page_tokens.read_token(page), ReadingReport(low_ms, high_ms, posts)
    )
