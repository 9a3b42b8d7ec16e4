"""Actions that move, split and merge conversations: what they ask for, whom they concern, undo."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import ids, text
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.yielding import give_way, in_turns
from forum.groups import queries as groups
from forum.moderation.actions import action_targets
from forum.moderation.actions.action_targets import Target
from forum.moderation.actions.content_actions import ACTS
from forum.threads import limits
from forum.threads import queries as threads
from forum.threads.models import PendingEdit, Post, Thread
from forum.threads.posts import moderator_edits
from forum.threads.restructuring import move as moving
from forum.threads.restructuring import split_merge, thread_layout
from forum.threads.restructuring.thread_layout import ThreadLayout

MOVE, SPLIT, MERGE = "move", "split", "merge"
NAMES = (MOVE, SPLIT, MERGE)
ASKED = ("group", "posts", "thread")
ROWS_AT_ONCE = 500
_BEHIND_PATH = re.compile(r"[?#]")


def chosen(title: str, post_ids: list[str]) -> str:
    """Return what a split asks for as one value: the new title, and the posts."""
    return json.dumps({"title": title, "posts": post_ids})


def checked(asks: str, value: str) -> str:
    """Return the value of one of these actions, fit to keep. Raises Invalid."""
    if asks == "group":
        return text.one_line(value, "value", least=1, most=60, name="The group")
    if asks == "thread":
        path = _BEHIND_PATH.split(value.strip(), maxsplit=1)[0]
        number = ids.row_id(path.rpartition("/threads/")[2])
        if number is None:
            raise Invalid(
                fields={"value": "Please choose a conversation, or give its address or number."}
            )
        return str(number)
    title, post_ids = parts(value)
    title = text.one_line(
        title, "title", least=limits.TITLE_MIN, most=limits.TITLE_MAX, name="The new title"
    )
    if not post_ids:
        raise Invalid(fields={"posts": "Please choose the posts that go to the new conversation."})
    return json.dumps({"title": title, "posts": post_ids})


def parts(value: str) -> tuple[str, list[int]]:
    """Return the title and the posts of a split. Raises Invalid."""
    try:
        given = json.loads(value)
        posts = [ids.row_id(str(one)) for one in given["posts"]]
        title = str(given["title"])
    except (ValueError, TypeError, KeyError) as problem:
        raise Invalid(fields={"posts": "Please choose the posts and a title."}) from problem
    return title, sorted({one for one in posts if one is not None})


def begin(
    session: Session, viewer: Viewer, name: str, thread_id: int, value: str
) -> tuple[int, str]:
    """Lock the conversations that an action is about; return its subject and value.

    Of two that are merged the older one, which stays, is the subject. Raises Invalid.
    """
    if name != MERGE:
        moderator_edits.lock_threads(session, [thread_id])
        return thread_id, value
    moderator_edits.lock_threads(session, [thread_id, int(value)])
    if not threads.thread_for(viewer, thread_id).moderates:
        return thread_id, value  # which is refused
    try:
        there = threads.thread_for(viewer, int(value)).moderates
    except (NotFound, Forbidden):
        there = False
    if not there:
        words = "Please choose a conversation in a group that you look after."
        raise Invalid(fields={"value": words})
    older, *others = [*split_merge.oldest_first(session, [thread_id, int(value)]), thread_id]
    return older, str(others[0])


def concerned(
    session: Session, name: str, target: Target, value: str
) -> tuple[Target, set[int | None]]:
    """Return the target with the person who is told, and all whose words are acted on."""
    wrote = people(session, name, target.id, value)
    return replace(target, person_id=wrote[0] if wrote else None), set(wrote)


def people(session: Session, name: str, thread_id: int, value: str) -> list[int | None]:
    """Return whose words one of these actions is about, first the one who is told of it."""
    if name == SPLIT:
        wrote = select(Post.author_id).where(
            Post.id.in_(parts(value)[1]), Post.thread_id == thread_id
        )
        return list(session.scalars(wrote.order_by(Post.number)))
    ids = [int(value), thread_id] if name == MERGE else [thread_id]
    began = session.execute(select(Thread.id, Thread.author_id).where(Thread.id.in_(ids)))
    authors = {row.id: row.author_id for row in began}
    return [authors.get(one) for one in ids]


def carry_out(
    session: Session, viewer: Viewer, name: str, target: Target, value: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Do one of these actions; return what was before and what is after. Raises as the verbs do."""
    if name == MOVE:
        group_id = _group_id(viewer, value)
        if group_id == target.group_id:
            raise Conflict("This conversation is in that group already.", code="already_done")
        _require_rank(session, viewer, name, group_id)
        moving.move_thread(viewer, target.id, group_id)
        give_way()
        said = _said(session, target.id)
        return {"group_id": target.group_id}, {"group_id": group_id, "said": said}
    if name == MERGE:
        before, after = split_merge.merge_threads(viewer, target.id, int(value))
    else:
        title, post_ids = parts(value)
        before, after = split_merge.split_thread(viewer, target.id, post_ids, title)
    return before.as_json(), after.as_json()


def hold_again(session: Session, after: Mapping[str, Any]) -> None:
    """Lock the conversations that an action has left."""
    moderator_edits.lock_threads(session, ThreadLayout.from_json(after).ends)


def as_left(
    session: Session,
    name: str,
    target: Target,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> bool:
    """Whether everything stands as one of these actions has left it."""
    if name == MOVE:
        return target.group_id == after.get("group_id")
    return thread_layout.is_unchanged(
        session, ThreadLayout.from_json(after), ThreadLayout.from_json(before)
    )


def put_back(
    session: Session,
    viewer: Viewer,
    name: str,
    target: Target,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Undo one of these actions. Raises Conflict where something has changed since."""
    if name != MOVE:
        split_merge.restore_layout(
            viewer, ThreadLayout.from_json(before), ThreadLayout.from_json(after)
        )
        return
    if target.group_id != after.get("group_id"):
        raise Conflict(split_merge.CHANGED)
    _require_rank(session, viewer, name, before["group_id"])
    as_it_was = after.get("said") == _said(session, target.id)
    moving.move_thread(viewer, target.id, before["group_id"], back=as_it_was)


def _said(session: Session, thread_id: int) -> str:
    """Return a digest of which posts stand in a conversation, and when their words were written.

    What was said, changed or joined to it in a more closed group must not go to a more open one,
    nor an edit that waits for approval. Others go on in between.
    """
    rows = session.execute(
        select(Post.id, Post.created_at, Post.edited_at, PendingEdit.version)
        .outerjoin(PendingEdit, PendingEdit.post_id == Post.id)
        .where(Post.thread_id == thread_id)
        .order_by(Post.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    lines = [f"{tuple(row[:3])}{row.version or ''}" for row in in_turns(rows)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _group_id(viewer: Viewer, slug: str) -> int:
    try:
        return groups.group_for(viewer, slug).id
    except NotFound:
        raise Invalid(fields={"value": "Please choose one of your groups."}) from None


def _require_rank(session: Session, viewer: Viewer, name: str, group_id: int) -> None:
    if action_targets.rank_of(session, viewer.id, group_id) < ACTS[name].least:
        raise Forbidden("Only those who moderate both groups can do that.", code="not_yours")
