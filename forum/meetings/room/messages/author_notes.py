"""What stands in a room for one person alone, after their own words: declared by a slice above."""

from collections.abc import Callable
from typing import TypeAlias

from markupsafe import Markup

from forum.accounts.policy import Viewer

Note: TypeAlias = Callable[[Viewer, int], Markup]


def _none(_viewer: Viewer, _meeting_id: int) -> Markup:
    return Markup()


def _never(_words: str) -> bool:
    return False


_note: Note = _none
_may_have_note: Callable[[str], bool] = _never


def declare(note: Note, may_have_note: Callable[[str], bool]) -> None:
    """Say what stands in a meeting's room for somebody, and which words can have a note at all."""
    global _note, _may_have_note
    _note, _may_have_note = note, may_have_note


def in_room(viewer: Viewer, meeting_id: int) -> Markup:
    """Return what stands in a room for the viewer now."""
    return _note(viewer, meeting_id)


def after_writing(viewer: Viewer, meeting_id: int, words: str) -> dict[str, str]:
    """Return what an answer says beside what was said in a room just now."""
    note = _note(viewer, meeting_id) if _may_have_note(words) else None
    return {"note": str(note)} if note else {}
