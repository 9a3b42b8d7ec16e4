"""Which people with an open page may see a post or read a thread: the recipients of updates."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    CursorResult,
    Executable,
    bindparam,
    false,
    literal,
    select,
    true,
)
from sqlalchemy.types import Integer

from forum.accounts.models import Account, AccountRelationship
from forum.core.db import current_connection, current_session
from forum.core.db.id_lists import id_list
from forum.groups import policy as groups
from forum.groups import profile_links
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread

_ME = bindparam("me", type_=Integer)
_ID = bindparam("id", type_=Integer)
_AMONG = id_list("among")

_VIEWERS = (
    select(
        Account.id,
        policy.shown_to(Account.id).label("shown"),
        profile_links.may_open(Account.id, Post.author_id).label("led"),
    )
    .select_from(Post)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .join(_AMONG, true())
    .join(Account, Account.id == _AMONG.c.value)
    .where(Post.id == _ID, policy.visible_unless_hidden(Account.id))
)
_VISITOR_VIEWS = (
    select(literal(0), policy.shown_to(_ME), false())
    .select_from(Post)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .where(Post.id == _ID, policy.visible_unless_hidden(_ME))
)


class PostViewers(NamedTuple):
    """Who may see a post, who could but for hiding, and who can open its author's profile."""

    seeing: set[int]
    missing: set[int]
    led: set[int]


def viewers_of_post(post_id: int, among: Collection[int]) -> PostViewers:
    """Return what some accounts (0: visitors) may see of a post."""
    found = PostViewers(set(), set(), set())
    rows = [*_run(_VIEWERS, {"id": post_id, "among": among}).all()]
    if 0 in among:
        rows += current_session().execute(_VISITOR_VIEWS, {"id": post_id, "me": 0})
    for account, shown, led in rows:
        (found.seeing if shown else found.missing).add(account)
        if led:
            found.led.add(account)
    return found


_READERS = (
    select(Account.id)
    .select_from(Thread)
    .join(Group, IN_GROUP)
    .join(_AMONG, true())
    .join(Account, Account.id == _AMONG.c.value)
    .where(Thread.id == _ID, policy.thread_visible_to(Account.id))
)
_VISITOR_READS = (
    select(Thread.id).join(Group, IN_GROUP).where(Thread.id == _ID, policy.thread_visible_to(_ME))
)


def readers_of_thread(thread_id: int, among: Collection[int]) -> set[int]:
    """Of some accounts (0: visitors), return people who may still read the thread."""
    readers = set(_run(_READERS, {"id": thread_id, "among": among}).scalars())
    if (
        0 in among
        and current_connection().execute(_VISITOR_READS, {"id": thread_id, "me": 0}).first()
    ):
        readers.add(0)
    return readers


_MEMBERS = (
    select(Account.id)
    .select_from(Thread)
    .join(Group, IN_GROUP)
    .join(_AMONG, true())
    .join(Account, Account.id == _AMONG.c.value)
    .where(Thread.id == _ID, policy.thread_visible_to(Account.id), groups.belongs(Account.id))
)


def members_in_thread(thread_id: int, among: Collection[int]) -> set[int]:
    """Of some accounts, return the ones that may read the thread and are members of its group.

    They alone are shown to each other as present: who only reads where all may read neither sees
    who is there nor is seen.
    """
    return set(_run(_MEMBERS, {"id": thread_id, "among": among}).scalars())


_THESE: BindParameter[int] = bindparam("ids", expanding=True)
_HANDLES = select(Account.id, Account.handle).where(
    Account.id.in_(_THESE), Account.invisible.is_(False)
)
_PAIRS = select(AccountRelationship.viewer_id, AccountRelationship.other_id).where(
    AccountRelationship.viewer_id.in_(_THESE), AccountRelationship.other_id.in_(_THESE)
)


def handles_and_exclusions(
    account_ids: Collection[int],
) -> tuple[dict[int, str], set[tuple[int, int]]]:
    """Return the handles of people who show their presence, and who does not meet whom."""
    these = {"ids": list(account_ids)}
    handles = current_session().execute(_HANDLES, these)
    apart = current_session().execute(_PAIRS, these)
    return {row.id: row.handle for row in handles}, {(a, b) for a, b in apart}


def _run(statement: Executable, values: dict[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    # On the connection: the session would prepare for objects, which takes longer than the query.
    return current_session().connection().execute(statement, values)
