"""What an action is about, whom it concerns, and the part of its state that the action sets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from forum.accounts import service as accounts
from forum.accounts.models import ADMINISTRATOR, Account
from forum.accounts.policy import Viewer, is_active
from forum.core.errors import NotFound
from forum.groups.membership import memberships, roles
from forum.groups.models import GroupRemoval, Membership
from forum.groups.policy import RANK
from forum.moderation.actions import silencing
from forum.moderation.actions.content_actions import ADMINISTRATOR as ADMINISTRATOR_RANK
from forum.moderation.actions.content_actions import MEMBER as MEMBER_RANK
from forum.moderation.actions.content_actions import OUTSIDER, POST, STANDING, THREAD
from forum.moderation.room_actions import targets as room_targets
from forum.threads import policy as threads_policy
from forum.threads import service as threads
from forum.threads.models import Post, Thread
from forum.threads.posts import moderator_edits, post_updates

# What the log calls a part of a thread's state, where its column has another name.
_COLUMNS = {"reviewed": "pre_moderated"}


@dataclass(frozen=True)
class Target:
    """The subject of an action, with its state held still until the transaction ends."""

    kind: str
    id: int
    group_id: int | None
    person_id: int | None


def find(
    session: Session,
    viewer: Viewer,
    kind: str,
    target_id: int,
    group_id: int | None,
    person_id: int | None = None,
    *,
    has_left: bool = False,
    emptied: bool = False,
) -> Target:
    """Return what an action is about; `person_id` is who, in a room.

    With `has_left` it may be somebody who is not in the group any more, and with `emptied` a post
    that is deleted while its history still holds words. Raises NotFound, Forbidden, Conflict.
    """
    if kind in room_targets.KINDS:
        return Target(
            kind, target_id, *room_targets.find(session, viewer, kind, target_id, person_id)
        )
    if kind == POST:
        post = post_updates.lock_post_to_moderate(session, viewer, target_id, emptied=emptied)
        if not post.state.is_deleted:
            post_updates.require_published(post)
        return Target(kind, post.id, post.group_id, post.author_id)
    if kind == THREAD:
        thread = moderator_edits.lock_thread_to_moderate(session, viewer, target_id)
        return Target(kind, thread.id, thread.group_id, thread.author_id)
    if group_id is not None:  # before people, as by whoever joins or leaves
        memberships.lock(session, group_id)
    one = select(Account.id).where(Account.id == target_id).with_for_update()
    if session.scalar(one) is None:
        raise NotFound
    is_here = group_id is None or _place(session, target_id, group_id) is not None
    if not (is_here or has_left):
        raise NotFound
    return Target(kind, target_id, group_id, target_id)


def was_here(session: Session, account_id: int, group_id: int | None) -> bool:
    """Whether somebody who may have left a group was removed from it, or has written in it."""
    if group_id is None or session.get(GroupRemoval, (account_id, group_id)) is not None:
        return group_id is not None
    wrote = (
        select(Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.author_id == account_id, Thread.group_id == group_id)
    )
    return session.scalar(wrote.limit(1)) is not None


def is_emptied(session: Session, target: Target) -> bool:
    """Whether it is a post that is deleted already."""
    deleted = select(Post.id).where(Post.id == target.id, threads_policy.is_deleted())
    return target.kind == POST and session.scalar(deleted) is not None


def rank_of(session: Session, account_id: int | None, group_id: int | None) -> int:
    """Return the rank by which somebody may act now; the suspended have none."""
    taking = select(Account.id).where(Account.id == account_id, is_active(Account.id))
    if session.scalar(taking) is None:
        return OUTSIDER
    return standing_of(session, account_id, group_id)


def standing_of(session: Session, account_id: int | None, group_id: int | None) -> int:
    """Return somebody's rank in a group, or on the site when that is None, suspended or not."""
    return standings_in(session, group_id, [account_id])[account_id]


def standings_in(
    session: Session, group_id: int | None, account_ids: Collection[int | None]
) -> dict[int | None, int]:
    """Return the same for many at once; nobody's rank, as of posts without an author, is there."""
    in_group = and_(Membership.account_id == Account.id, Membership.group_id == group_id)
    found = select(Account.id, Account.role, Membership.role).outerjoin(Membership, in_group)
    ranks: dict[int | None, int] = dict.fromkeys(account_ids, OUTSIDER)
    for account_id, role, place in session.execute(found.where(Account.id.in_(ranks))):
        if role == ADMINISTRATOR:
            ranks[account_id] = ADMINISTRATOR_RANK
        elif group_id is None:
            ranks[account_id] = MEMBER_RANK
        elif place is not None:
            ranks[account_id] = RANK[place]
    return ranks


def state(session: Session, target: Target, field: str) -> dict[str, Any]:
    """Return the part of a subject's state that actions on `field` set, as JSON can keep it."""
    if target.kind in room_targets.KINDS:
        return {field: room_targets.state(session, field, target.id, target.person_id)}
    if target.kind == POST:
        columns = {
            "hidden": threads_policy.is_hidden(),
            "content_note": Post.content_note,
            "body": Post.body,
        }
        return {field: session.scalar(select(columns[field]).where(Post.id == target.id))}
    if target.kind == THREAD:
        column = getattr(Thread, _COLUMNS.get(field, field))
        return {field: session.scalar(select(column).where(Thread.id == target.id))}
    if field == STANDING:
        return roles.role_state_of(session, target.group_id or 0, target.id).as_json()
    if field == "silence":
        asked = select(Membership.silenced_until, Membership.silence_reason).where(
            Membership.account_id == target.id, Membership.group_id == target.group_id
        )
    else:
        asked = select(Account.suspended_until, Account.suspension_reason).where(
            Account.id == target.id
        )
    held = session.execute(asked).one_or_none()
    if held is None:  # they have left; their silence waits for them
        return silencing.logged(session, target.id, target.group_id)
    until, because = held
    return {"until": until.isoformat() if until else None, "because": because}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two states are the same; moments count, however they are written."""
    return {**one, "until": _moment(one.get("until"))} == {
        **other,
        "until": _moment(other.get("until")),
    }


def put(
    session: Session,
    viewer: Viewer,
    target: Target,
    field: str,
    wanted: Mapping[str, Any],
    reason: str,
) -> None:
    """Bring a subject's state to what is wanted."""
    if target.kind in room_targets.KINDS:
        room_targets.put(session, viewer, field, target.id, target.person_id, wanted[field])
    elif field == "hidden":
        change = threads.hide_post if wanted["hidden"] else threads.restore_post
        change(viewer, target.id, reason)
    elif field == "content_note":
        moderator_edits.set_content_note(viewer, target.id, wanted["content_note"])
    elif field == "body":
        moderator_edits.set_body(viewer, target.id, wanted["body"])
    elif target.kind == THREAD:
        columns = {_COLUMNS.get(name, name): value for name, value in wanted.items()}
        moderator_edits.update_thread(session, target.id, **columns)
    elif field == STANDING:
        standing = roles.RoleState.from_json(wanted)
        roles.set_role_state(session, target.group_id or 0, target.id, standing, viewer.id)
    elif field == "silence":
        session.execute(
            update(Membership)
            .where(Membership.account_id == target.id, Membership.group_id == target.group_id)
            .values(silenced_until=_moment(wanted["until"]), silence_reason=wanted["because"])
            .execution_options(synchronize_session=False)
        )
    elif (until := _moment(wanted["until"])) is None:
        accounts.lift_suspension(target.id)
    else:
        accounts.suspend(target.id, until=until, because=wanted["because"])


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _place(session: Session, account_id: int, group_id: int) -> str | None:
    return session.scalar(
        select(Membership.role).where(
            Membership.account_id == account_id, Membership.group_id == group_id
        )
    )
