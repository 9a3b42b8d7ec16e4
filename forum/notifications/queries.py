"""Reads about notifications: each line is shown only while its post may be seen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from forum.accounts import themes
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, person_id
from forum.core.db import AnyRow, at_most, reading
from forum.core.prepared import Prepared
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.kinds import KINDS
from forum.notifications.models import Notification
from forum.threads import policy as threads
from forum.threads.models import Post, Thread

LINES_A_PAGE = 30
UNREAD_MAX = 100
LOOKS_BACK = 1_000
PAGES_MOST = 2 * LOOKS_BACK // LINES_A_PAGE + 1  # the newest lines, and as many that are unread
_ME = bindparam("me", type_=Integer)


@dataclass(frozen=True)
class Line:
    """One thing that a member was told.

    `others` reacted to the same post before `actor` did, or are the replies that followed
    `actor`'s before they were read; `created_at` is when the latest of them came. Where the reader
    wants the post's theme `out_of_sight`, its content note is left out.
    """

    id: int
    kind: str
    actor: str | None
    others: int
    thread_id: int | None
    post_id: int | None
    about_id: int | None
    title: str | None
    content_note: str | None
    out_of_sight: bool
    created_at: datetime
    read: bool

    @property
    def about(self) -> str:
        """What is said of things other than posts; empty for a post."""
        return KINDS[self.kind].words.format(title=self.title) if self.about_id else ""

    @property
    def icon(self) -> str:
        """The drawing beside things other than posts; empty for a post."""
        return KINDS[self.kind].icon if self.about_id else ""


def _told_and_shown(told: Any) -> Select[Any]:
    """Each line with each post of which it tells, and which its reader may see."""
    return (
        select(told)
        .join(policy.Named, policy.Named.id == told.post_id)
        .join(Post, Post.thread_id == policy.Named.thread_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Group, Group.id == Thread.group_id)
        .where(policy.shows(told))
    )


# What depends on KINDS is built when it is first asked for, as slices above add theirs.
@cache
def _lines() -> Subquery:
    """One row a line: the newest of somebody's notifications, by kind and post or other thing."""
    mine = select(Notification.id).where(Notification.account_id == _ME)
    # A line of long ago may be unread still, and tell of what was said today.
    newest, waiting = (
        some.order_by(Notification.id.desc()).limit(at_most(LOOKS_BACK)).subquery()
        for some in (mine, mine.where(Notification.read_at.is_(None)))
    )
    either = union(select(newest.c.id), select(waiting.c.id))
    recent = aliased(
        Notification, select(Notification).where(Notification.id.in_(either)).subquery()
    )
    of_posts = (
        _told_and_shown(recent)
        .with_only_columns(
            func.max(recent.id).label("id"),
            func.min(Post.id).label("post_id"),
            (func.count() - 1).label("others"),
            (func.count() == func.count(recent.read_at)).label("read"),
            func.max(
                case((recent.thread_id.is_(None), recent.created_at), else_=Post.created_at)
            ).label("at"),
        )
        .group_by(recent.kind, recent.post_id)
    )
    of_others = select(
        recent.id, recent.post_id, literal(0), recent.read_at.is_not(None), recent.created_at
    ).where(policy.about_visible(recent.kind, recent.account_id, recent.about_id))
    return union_all(of_posts, of_others).subquery()


@cache
def _page() -> Select[Any]:
    found = _lines().c
    return (
        select(
            found.id, Notification.kind, Account.handle.label("actor"), found.others,
            Post.thread_id, found.post_id, Notification.about_id,
            case(
                *((Notification.kind == name, kind.title(Notification.about_id))
                  for name, kind in KINDS.items()),
                else_=threads.title_for(_ME),
            ).label("title"),
            Post.content_note, themes.LINES.label("note_choices"),
            groups.looks_after(_ME).label("looks_after"),
            found.at.label("created_at"), found.read, func.count().over().label("of_all"),
        )
        .join(Notification, Notification.id == found.id)
        .outerjoin(Post, Post.id == found.post_id)
        .outerjoin(Account, Account.id == policy.actor_of(Notification))
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .outerjoin(Group, Group.id == Thread.group_id)
        .order_by(found.at.desc(), found.id.desc())
        .limit(at_most(LINES_A_PAGE))
        .offset(bindparam("skip", type_=Integer))
    )  # fmt: skip


def last_page(viewer: Viewer) -> int:
    """Return how many pages of lines there are, at least 1. Raises LoginNeeded."""
    lines_of = select(func.count()).select_from(_lines())
    count = reading().execute(lines_of, {"me": person_id(viewer)}).scalar_one()
    return max(1, -(-count // LINES_A_PAGE))


def lines(viewer: Viewer, page: int = 1) -> list[Line]:
    """Return a page of what somebody was told, newest first. Raises LoginNeeded."""
    skip = (page - 1) * LINES_A_PAGE
    rows = reading().execute(_page(), {"me": person_id(viewer), "skip": skip})
    return [_as_line(row) for row in rows]


def page_of(viewer: Viewer, page: int) -> tuple[list[Line], int, int]:
    """Return a page of lines, which one it is, and how many there are: the last, if it is too far.

    Raises LoginNeeded.
    """
    asked = {"me": person_id(viewer), "skip": (page - 1) * LINES_A_PAGE}
    rows = reading().execute(_page(), asked).all()
    if not rows and page > 1:
        return page_of(viewer, last_page(viewer))
    last = -(-rows[0].of_all // LINES_A_PAGE) if rows else 1
    return [_as_line(row) for row in rows], page, last


def _as_line(row: AnyRow) -> Line:
    told = row._asdict()
    told.pop("of_all")
    choices, must_see = told.pop("note_choices"), told.pop("looks_after")
    out_of_sight = themes.out_of_sight(row.content_note, choices, must_see=must_see)
    kept_back = {"content_note": None} if out_of_sight else {}
    return Line(**{**told, **kept_back, "out_of_sight": out_of_sight, "read": bool(row.read)})


@cache
def _unread() -> Prepared:
    any_post = (
        exists()
        .where(
            policy.shows(Notification), Thread.id == Post.thread_id, Group.id == Thread.group_id
        )
        .correlate(Notification, policy.Named)
    )  # fmt: skip
    posts = (
        select(Notification.kind, Notification.post_id)
        .join(policy.Named, policy.Named.id == Notification.post_id)
        .where(Notification.account_id == _ME, Notification.read_at.is_(None), any_post)
        .distinct()
        .limit(at_most(UNREAD_MAX + 1))
        .subquery()
    )
    others = (
        select(literal(1))
        .select_from(Notification)
        .where(
            Notification.account_id == _ME,
            Notification.read_at.is_(None),
            policy.about_visible(Notification.kind, Notification.account_id, Notification.about_id),
        )
        .limit(at_most(UNREAD_MAX + 1))
        .subquery()
    )
    counts = (select(func.count()).select_from(each).scalar_subquery() for each in (posts, others))
    return Prepared(select(sum(counts, literal(0)).label("unread")))


_ANY_UNREAD = Prepared(
    select(literal(1).label("one"))
    .where(Notification.account_id == _ME, Notification.read_at.is_(None))
    .limit(at_most(1))
)


def unread(account_id: int) -> int:
    """Return how many lines are unread; 101 is "more than 100"."""
    if _ANY_UNREAD.first(me=account_id) is None:
        return 0  # as most people have it most of the time; what may be seen costs more to ask
    return min(int(_unread().all(me=account_id)[0].unread), UNREAD_MAX + 1)


def told_about(kind: str, about_id: int) -> set[int]:
    """Return who was told of something other than a post."""
    told = select(Notification.account_id).where(
        Notification.kind == kind, Notification.about_id == about_id
    )
    return set(reading().scalars(told))


def first_shown(notification_id: int) -> int | None:
    """Return the first post of which a line tells and which its reader may see."""
    shown = _told_and_shown(Notification).with_only_columns(func.min(Post.id))
    return reading().scalar(shown.where(Notification.id == notification_id))


_THESE: BindParameter[int] = bindparam("posts", expanding=True)
_TOLD_OF = (
    select(Notification.account_id).where(Notification.post_id.in_(_THESE)),
    select(Post.author_id).where(Post.id.in_(_THESE)),
)
_CONCERNED: CompoundSelect[Any] = union(
    *_TOLD_OF,
    select(Notification.account_id)
    .join(Post, Post.thread_id == Notification.thread_id)
    .where(Post.id.in_(_THESE), Notification.read_at.is_(None)),
)
# A line that names a post which its reader may not see can have nothing to tell until the next.
_NEW = aliased(Post, name="new")
_TOLD_NOW: CompoundSelect[Any] = union(
    *_TOLD_OF,
    select(Notification.account_id)
    .join(_NEW, _NEW.thread_id == Notification.thread_id)
    .join(Post, Post.id == Notification.post_id)
    .where(
        _NEW.id.in_(_THESE),
        Notification.read_at.is_(None),
        policy.gone_for(Notification.account_id),
    ),
)


_IN_THREAD = bindparam("thread", type_=Integer)
_CONCERNED_BY_THREAD: CompoundSelect[Any] = union(
    select(Notification.account_id)
    .join(Post, Post.id == Notification.post_id)
    .where(Post.thread_id == _IN_THREAD),
    select(Post.author_id).where(Post.thread_id == _IN_THREAD),
    select(Notification.account_id).where(
        Notification.thread_id == _IN_THREAD, Notification.read_at.is_(None)
    ),
)


def concerned_by_thread(thread_id: int) -> set[int]:
    """Return for whom what is unread may change with a whole thread, whoever may see it."""
    found = reading().execute(_CONCERNED_BY_THREAD, {"thread": thread_id}).scalars()
    return {account_id for account_id in found if account_id}


def told_by(post_ids: Collection[int]) -> set[int]:
    """Return for whom these new posts may be the first that they are told, and their authors."""
    return _accounts(_TOLD_NOW, post_ids)


def concerned_by(post_ids: Collection[int]) -> set[int]:
    """Return for whom what is unread may change with these posts: also who was told of earlier
    ones in their threads.
    """
    return _accounts(_CONCERNED, post_ids)


def _accounts(which: CompoundSelect[Any], post_ids: Collection[int]) -> set[int]:
    if not post_ids:
        return set()
    found = reading().execute(which, {"posts": list(post_ids)}).scalars()
    return {account_id for account_id in found if account_id}
