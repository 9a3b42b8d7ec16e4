"""What stands beside one's own posts, and nobody else reads: declared by a slice above this one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

from markupsafe import Markup

from forum.accounts.policy import Viewer

Notes: TypeAlias = Callable[[Viewer, Collection[int]], Mapping[int, Markup]]


def _none(_viewer: Viewer, _post_ids: Collection[int]) -> Mapping[int, Markup]:
    return {}


def _never(_words: str) -> bool:
    return False


_notes: Notes = _none
_may_have_note: Callable[[str], bool] = _never


def declare(notes: Notes, may_have_note: Callable[[str], bool]) -> None:
    """Say what stands beside somebody's posts, and which words can have a note at all."""
    global _notes, _may_have_note
    _notes, _may_have_note = notes, may_have_note


def beside(viewer: Viewer, rows: Sequence[Any]) -> Mapping[int, Markup]:
    """Return what stands beside the viewer's own posts, by post."""
    own = [row.id for row in rows if viewer.id is not None and row.author_id == viewer.id]
    return _notes(viewer, own) if own else {}


def after_writing(viewer: Viewer, post_id: int, words: str) -> dict[str, str]:
    """Return what an answer to a program says beside a post that was written just now."""
    note = _notes(viewer, [post_id]).get(post_id) if _may_have_note(words) else None
    return {"note": str(note)} if note else {}
