"""Logging that a moderator opens hidden content of a group."""

from collections.abc import Iterable
from typing import Any

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.core.events import announce
from forum.groups.events import HiddenContentViewed

HIDDEN, PENDING, REVISION, EVIDENCE = "hidden", "held", "earlier", "kept"
IN_PRIVATE = "in_private"  # what was opened is a private message, in a column of twelve letters


def record(viewer: Viewer, group_id: int | None, kind: str, rows: Iterable[Any]) -> None:
    """Announce which of these things others do not see, before they are shown to the viewer.

    They have an id, an author_id, and `unseen`: one of the words above, or empty for what everybody
    sees. One's own words are no look; where there is nothing to announce, nothing is written.
    """
    seen = tuple(
        (row.id, row.author_id, row.unseen)
        for row in rows
        if row.unseen and row.author_id != viewer.id
    )
    if seen and viewer.id is not None:
        with transaction():
            announce(HiddenContentViewed(viewer.id, group_id, kind, seen, clock.now()))
