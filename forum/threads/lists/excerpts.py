"""A line of what is new in a thread, for lists: never what its reader would not read there."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences
from forum.core import text
from forum.core.db import at_most, current_connection
from forum.groups import policy as groups
from forum.groups import quotation_visibility
from forum.groups.models import Group, Membership
from forum.threads import policy
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.reader import unread
from forum.threads.reader.models import ReadPosition

EXCERPT_MAX = 140
_ME = bindparam("me", type_=Integer)
_IDS = bindparam("ids", type_=Integer, expanding=True)
# Moderators see no hidden words here either: opening those is logged.
_FIRST_UNREAD = (
    select(Post.id)
    .where(unread.is_unread_by(_ME), policy.is_published())
    .order_by(Post.number)
    .limit(at_most(1))
    .correlate(Thread, Group, ReadPosition, Membership)
    .scalar_subquery()
)
_FIRST_UNREAD_OF = (
    select(_FIRST_UNREAD)
    .select_from(Thread)
    .join(Group, IN_GROUP)
    .join(Membership, unread.membership_of(_ME))
    .outerjoin(ReadPosition, unread.position_of(_ME))
    .where(Thread.id.in_(_IDS))
)
_POSTS = (
    select(
        Post.id, Post.thread_id, Thread.group_id, Post.html, Post.content_note, Account.handle,
        content_note_preferences.LINES.label("note_choices"),
        groups.moderates(_ME).label("moderates"),
    )
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .outerjoin(Account, Account.id == Post.author_id)
    .where(Post.id.in_(_FIRST_UNREAD_OF), policy.visible_to(_ME))
)  # fmt: skip


class Excerpt(NamedTuple):
    """The first words of the first unread post of a thread, or why they are not shown."""

    author: str | None
    words: str
    content_note: str
    out_of_sight: bool


def first_unread_excerpts(viewer: Viewer, thread_ids: Sequence[int]) -> dict[int, Excerpt]:
    """Return a line for each of these threads in which something is new, by thread id."""
    if not thread_ids:
        return {}
    me = viewer.id or 0
    rows = current_connection().execute(_POSTS, {"me": me, "ids": list(thread_ids)})
    return {row.thread_id: _excerpt(me, row) for row in rows}


def _excerpt(account_id: int, row: Any) -> Excerpt:
    note = row.content_note or ""
    wanted = content_note_preferences.display_rule(row.note_choices or "", must_see=row.moderates)
    if note:  # also where one opens such notes: a list is no place to come upon these words
        out_of_sight = wanted(note) == content_note_preferences.HIDDEN
        return Excerpt(row.handle, "", note, out_of_sight)
    html = {row.id: Markup(row.html)}  # noqa: S704 - text.render is the sanitiser
    shown = quotation_visibility.for_reader(account_id, row.group_id, html)[row.id]
    return Excerpt(row.handle, text.excerpt(shown, EXCERPT_MAX), "", False)
