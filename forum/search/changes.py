"""What has to be indexed anew: one row in the transaction of the change, and no more.

A second later `indexing` looks at what it says now. So a reply does not wait for it, a restart
loses nothing, and what was done twice or undone does no harm.
"""

from sqlalchemy import bindparam, insert, select
from sqlalchemy.types import String

from forum.core.db import current_connection
from forum.search.models import POST, THREAD, SearchChange
from forum.threads.events import (
    PostChanged,
    PostCreated,
    ThreadMoved,
    ThreadsRenamed,
    ThreadsRestructured,
)
from forum.threads.models import Post

_NOTE = insert(SearchChange)


def note_new_post(event: PostCreated) -> None:
    """Index a new post, and with the first one the title."""
    _note(POST, event.post_id)
    if event.number == 1:
        _note(THREAD, event.thread_id)


def note_changed_post(event: PostChanged) -> None:
    """Index a changed post again; a title is shown or hidden with its first post."""
    if event.how != "reacted":
        _note(POST, event.post_id)
        _note(THREAD, event.thread_id)


def note_renamed_threads(event: ThreadsRenamed) -> None:
    """Index titles that have changed, which are found with the first post, too."""
    _note_threads(event.thread_ids, first_posts_only=True)


def note_moved_thread(event: ThreadMoved) -> None:
    """Index all of a thread among what is said in its new group."""
    _note_threads((event.thread_id,), first_posts_only=False)


def note_restructured_threads(event: ThreadsRestructured) -> None:
    """Index all of these threads again: which post is the first may be another now."""
    _note_threads(event.thread_ids, first_posts_only=False)


def _note_threads(thread_ids: tuple[int, ...], *, first_posts_only: bool) -> None:
    for thread_id in thread_ids:
        _note(THREAD, thread_id)
        posts = select(bindparam("kind", POST, String), Post.id).where(Post.thread_id == thread_id)
        if first_posts_only:
            posts = posts.where(Post.number == 1)
        current_connection().execute(insert(SearchChange).from_select(["kind", "ref_id"], posts))


def _note(kind: str, ref_id: int) -> None:
    current_connection().execute(_NOTE, {"kind": kind, "ref_id": ref_id})
