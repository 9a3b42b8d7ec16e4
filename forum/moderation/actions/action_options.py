"""What somebody can choose to do to what is said or to a person, and what a choice asks for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import text
from forum.core.db import reading, transaction
from forum.core.errors import Forbidden, NotFound
from forum.core.web.paging import pages
from forum.groups import queries as groups
from forum.groups.membership import hidden_content_access
from forum.groups.models import Group
from forum.moderation import policy
from forum.moderation.actions import action_targets, membership_actions, thread_actions
from forum.moderation.actions.action_targets import Target
from forum.moderation.actions.content_actions import (
    ACTS,
    FACILITATOR,
    LIFTED,
    PERSON,
    POST,
    ROOM,
    STANDING,
    SUBJECTS,
    THREAD,
    Action,
)
from forum.moderation.second_approval import approvers
from forum.threads import policy as thread_policy
from forum.threads import queries as threads
from forum.threads.lists import thread_lists
from forum.threads.posts import post_contents

POSTS_A_PAGE, EXCERPT = 200, 160


@dataclass(frozen=True)
class Offer:
    """The actions that are open to somebody here, by name; `back` is where they came from.

    `fitting` are those that would change something now, and `second` those that need a second
    person, with whether there is anybody who could be that. `group_id` and `group_slug` are where,
    for a person, and `person_id` who, in a room; `name` is how the subject is called, and
    `home_slug` the group in which it is.
    """

    on: str
    id: int
    group_id: int | None
    group_slug: str
    person_id: int | None
    back: str
    name: str
    actions: dict[str, Action]
    fitting: list[str]
    second: dict[str, bool]
    home_slug: str

    @property
    def what(self) -> str:
        """What kind of subject it is, in words."""
        return "somebody in a room" if self.on == ROOM else f"a {SUBJECTS[self.on][0]}"

    @property
    def named(self) -> str:
        """How an address names the subject."""
        return public_ids.of(self.id) if self.on == PERSON else str(self.id)

    @property
    def more(self) -> str:
        """What an address needs besides kind and name to mean this subject."""
        if self.group_slug:
            return f"&group={self.group_slug}"
        return f"&person={public_ids.of(self.person_id)}" if self.person_id else ""


@dataclass(frozen=True)
class Candidate:
    """A post that can be chosen for a conversation of its own."""

    id: int
    author: str
    at: datetime
    words: str


@dataclass(frozen=True)
class Asked:
    """What the form of one action shows: words to change, or what there is to choose from."""

    words: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    posts: list[Candidate] = field(default_factory=list)
    pages: int = 1


def offer(
    viewer: Viewer, on: str, target_id: int, slug: str = "", person_id: int | None = None
) -> Offer:
    """Return what the viewer may do; `person_id` is who, in a room.

    Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    me = member_id(viewer)
    if on not in SUBJECTS:
        raise NotFound
    group_id = groups.group_for(viewer, slug).id if slug and on == PERSON else None
    with transaction() as session:
        site = on == PERSON and group_id is None
        if on == PERSON and action_targets.rank_of(session, me, group_id) < FACILITATOR:
            raise Forbidden("Only those who moderate can do that.", code="not_yours")
        has_left = on == PERSON and action_targets.was_here(session, target_id, group_id)
        target = action_targets.find(
            session,
            viewer,
            on,
            target_id,
            group_id,
            person_id,
            has_left=has_left,
            emptied=on == POST,
        )
        rank = action_targets.rank_of(session, me, target.group_id)
        actions = {
            name: action
            for name, action in ACTS.items()
            if action.on == on and rank >= action.least and (on != PERSON or action.site == site)
        }
        if not actions:
            raise Forbidden("Only those who look after this group can do that.", code="not_yours")
        fitting = [name for name, action in actions.items() if _fits(session, target, name, action)]
        second = _second(session, actions, target, me)
        home = session.scalar(select(Group.slug).where(Group.id == target.group_id)) or ""
    called = _name(viewer, on, target_id, target.person_id)
    back = SUBJECTS[on][1].format(public_ids.of(target_id) if on == PERSON else target_id)
    return Offer(
        on, target_id, group_id, slug, person_id, back, called, actions, fitting, second, home
    )


def _second(
    session: Session, actions: dict[str, Action], target: Target, me: int
) -> dict[str, bool]:
    """Return which actions need a second person, and whether there is anybody who could be that."""
    rank = action_targets.rank_of(session, me, target.group_id)
    person = action_targets.standing_of(session, target.person_id, target.group_id)
    own = target.person_id == me
    return {
        name: approvers.has_approver(session, name, target.group_id, me, target.person_id)
        for name, action in actions.items()
        if policy.decide(action, rank, person, own=own) == policy.WITH_SECOND
    }


def _fits(session: Session, target: Target, name: str, action: Action) -> bool:
    if name != policy.DELETE and action_targets.is_emptied(session, target):
        return False
    if action.switch is not None:
        return action_targets.state(session, target, action.field) != {action.field: action.switch}
    if action.field == STANDING:
        return membership_actions.fits(action_targets.state(session, target, action.field), name)
    if name in LIFTED:
        return action_targets.state(session, target, action.field)["until"] is not None
    return True


def _name(viewer: Viewer, on: str, target_id: int, person_id: int | None) -> str:
    if on == THREAD:
        return f"“{threads.thread_for(viewer, target_id).title}”"
    handle = reading().scalar(select(Account.handle).where(Account.id == person_id))
    handle = handle or "a former member"
    return handle if on in {PERSON, ROOM} else f"a {SUBJECTS[on][0]} by {handle}"


def asked(viewer: Viewer, offered: Offer, name: str, page: int = 1) -> Asked:
    """Return what the form of an action shows. Raises NotFound, Forbidden."""
    match offered.actions[name].asks:
        case "note" | "title":
            return Asked(words=_line(viewer, offered))
        case "body":
            post = threads.post_for(viewer, offered.id)
            hidden_content_access.record(viewer, post.group_id, POST, [post])
            return Asked(words=post.body)
        case "group":
            return Asked(choices=_groups(viewer, offered.id))
        case "thread":
            return Asked(choices=_threads(viewer, offered.id))
        case "posts":
            last = threads.thread_for(viewer, offered.id).last_number
            posts = _posts(viewer, offered.id, (page - 1) * POSTS_A_PAGE + 1)
            return Asked(posts=posts, pages=pages(last, POSTS_A_PAGE))
    return Asked()


def _line(viewer: Viewer, offered: Offer) -> str:
    """Return the content note of a post, or the title of a conversation."""
    if offered.on == THREAD:
        return threads.thread_for(viewer, offered.id).title
    return threads.post_for(viewer, offered.id).content_note


def _groups(viewer: Viewer, thread_id: int) -> list[tuple[str, str]]:
    """Return address and name of the groups to which the viewer may move a conversation."""
    here = groups.group_by_id(viewer, threads.thread_for(viewer, thread_id).group_id)
    return [
        (there.slug, there.name)
        for there in groups.directory(viewer)
        if there.is_moderator and there.id != here.id and thread_policy.is_as_closed(there, here)
    ]


def _threads(viewer: Viewer, thread_id: int) -> list[tuple[str, str]]:
    """Return number and title, with its replies, of the group's latest other conversations."""
    group_id = threads.thread_for(viewer, thread_id).group_id
    latest = thread_lists.threads_of(viewer, group_id, 1)
    return [
        (str(one.id), f"{one.title} ({one.replies} {'reply' if one.replies == 1 else 'replies'})")
        for one in latest
        if one.id != thread_id and not one.pending
    ]


def _posts(viewer: Viewer, thread_id: int, first: int) -> list[Candidate]:
    numbered = threads.posts_between(viewer, thread_id, max(first, 2), first + POSTS_A_PAGE - 1)
    hidden_content_access.record(
        viewer, threads.thread_for(viewer, thread_id).group_id, POST, numbered
    )
    contents = {row.id: row for row in post_contents.load_contents([post.id for post in numbered])}
    return [
        Candidate(row.id, row.author or "a former member", row.created_at, _excerpt(row))
        for post in numbered
        if not (row := contents[post.id]).state.is_deleted
    ]


def _excerpt(row: Any) -> str:
    note, shown = row.content_note, text.excerpt(row.html, EXCERPT)
    return f"[{note}] {shown}" if note else shown


def _known(viewer: Viewer, slug: str) -> str:
    try:
        return groups.group_for(viewer, slug).slug
    except NotFound:  # a hidden group is not told to those who look after the other one alone
        return "a group that you are not in"


def proposed(viewer: Viewer, action: Action, value: str) -> str:
    """Say what a proposal would bring about, for whoever confirms it."""
    match action.asks:
        case "group":
            return f"to {_known(viewer, value)}"
        case "thread":
            return f"with conversation {value}"
        case "posts":
            title, posts = thread_actions.parts(value)
            return f"{len(posts)} {'post' if len(posts) == 1 else 'posts'}, as “{title}”"
        case "days" | "seconds":
            return f"for {value} {action.asks}"
        case "note" | "body" | "title":
            return f"“{value}”"
    return ""
