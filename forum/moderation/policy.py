"""Who may do what to what: one table of acts, and one rule for when a second person is needed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.moderation.models import LogRow, Look
from forum.moderation.queue_models import ROOM_MESSAGE

OUTSIDER, MEMBER, FACILITATOR, MODERATOR, ADMINISTRATOR = range(-1, 4)
POST, THREAD, PERSON = "post", "thread", "person"
ROOM = "room"  # one person in one meeting: the meeting is the subject
# What each kind of subject is called, and its address.
SUBJECTS = {
    POST: ("post", "/posts/{}"),
    THREAD: ("thread", "/threads/{}"),
    PERSON: ("person", "/members/{}"),
    ROOM_MESSAGE: ("message in a room", "/room-messages/{}"),
    ROOM: ("room", "/meetings/{}/room"),
}
ALONE, WITH_SECOND, REFUSED = "alone", "with_second", "refused"
REASON_MAX, MESSAGE_MAX = 500, 2000
SLOW_MOST, DAYS_MOST = 3600, 365


@dataclass(frozen=True)
class Act:
    """One thing that can be done.

    `field` is the part of the subject's state that it sets, so that it can be undone; an act
    without one cannot be. `switch` is what it sets that to; else `asks` names the value that has
    to be given: note, body, seconds or days.
    """

    label: str
    done: str
    on: str
    least: int
    field: str = ""
    asks: str = ""
    switch: bool | None = None
    second: bool = False
    site: bool = False
    told: bool = True


ACTS: dict[str, Act] = {
    "hide": Act("Hide", "A post was hidden", POST, FACILITATOR, "hidden", switch=True),
    "restore": Act(
        "Show again", "A hidden post was shown again", POST, FACILITATOR, "hidden", switch=False
    ),
    "content_note": Act(
        "Change the content note",
        "A content note was changed",
        POST,
        FACILITATOR,
        "content_note",
        asks="note",
    ),
    "edit": Act("Change the words", "Words were changed", POST, MODERATOR, "body", asks="body"),
    "delete": Act("Delete for good", "A post was deleted for good", POST, MODERATOR, second=True),
    "lock": Act("Lock", "A conversation was locked", THREAD, FACILITATOR, "locked", switch=True),
    "unlock": Act(
        "Unlock", "A conversation was unlocked", THREAD, FACILITATOR, "locked", switch=False
    ),
    "slow": Act(
        "Slow down",
        "A conversation was slowed down",
        THREAD,
        FACILITATOR,
        "slow_seconds",
        asks="seconds",
    ),
    "pin": Act(
        "Pin to the top", "A conversation was pinned", THREAD, MODERATOR, "pinned", switch=True
    ),
    "unpin": Act("Unpin", "A conversation was unpinned", THREAD, MODERATOR, "pinned", switch=False),
    "review": Act(
        "Look at replies before they are shown",
        "Replies to a conversation are looked at before they are shown",
        THREAD,
        FACILITATOR,
        "reviewed",
        switch=True,
    ),
    "unreview": Act(
        "Show replies at once again",
        "Replies to a conversation are shown at once again",
        THREAD,
        FACILITATOR,
        "reviewed",
        switch=False,
    ),
    "hide_message": Act(
        "Hide", "A message in a room was hidden", ROOM_MESSAGE, FACILITATOR, "hidden", switch=True
    ),
    "restore_message": Act(
        "Show again",
        "A hidden message in a room was shown again",
        ROOM_MESSAGE,
        FACILITATOR,
        "hidden",
        switch=False,
    ),
    "room_mute": Act(
        "Let listen only",
        "Somebody was asked to listen only in a room",
        ROOM,
        FACILITATOR,
        "muted",
        switch=True,
    ),
    "room_unmute": Act(
        "Let speak again",
        "Somebody was let speak again in a room",
        ROOM,
        FACILITATOR,
        "muted",
        switch=False,
    ),
    "room_remove": Act(
        "Send out of the room",
        "Somebody was sent out of a room",
        ROOM,
        FACILITATOR,
        "removed",
        switch=True,
    ),
    "room_let_back": Act(
        "Let back in",
        "Somebody was let back into a room",
        ROOM,
        FACILITATOR,
        "removed",
        switch=False,
    ),
    "note": Act("Note for moderators", "A note was written", PERSON, MODERATOR, told=False),
    "warn": Act("Warn", "A warning was given", PERSON, MODERATOR),
    "silence": Act(
        "Silence for a time", "A silence was imposed", PERSON, MODERATOR, "silence", asks="days"
    ),
    "unsilence": Act("Let write again", "A silence was lifted", PERSON, MODERATOR, "silence"),
    "suspend": Act(
        "Suspend for a time",
        "An account was suspended",
        PERSON,
        ADMINISTRATOR,
        "suspension",
        asks="days",
        site=True,
    ),
    "ban": Act(
        "Close the account to taking part",
        "An account was banned",
        PERSON,
        ADMINISTRATOR,
        "suspension",
        second=True,
        site=True,
    ),
    "unsuspend": Act(
        "Lift the suspension",
        "A suspension was lifted",
        PERSON,
        ADMINISTRATOR,
        "suspension",
        site=True,
    ),
    "end_sessions": Act(
        "Log out everywhere",
        "An account was logged out everywhere",
        PERSON,
        ADMINISTRATOR,
        site=True,
    ),
}
UNDO = "undo"
# Decided by `threads.review`, and told to the author by it.
APPROVE, DECLINE = "approve", "decline"
FIRST_LOOKS = {
    APPROVE: "A post was shown after a first look",
    DECLINE: "A post was not shown after a first look",
}
DONE = {name: act.done for name, act in ACTS.items()} | FIRST_LOOKS | {UNDO: "An act was undone"}
# What is between those who look after a group, and so not shown to the person concerned.
INTERNAL = tuple(name for name, act in ACTS.items() if not act.told)
REASONS = (
    "It is unkind to somebody",
    "It gives away who somebody is",
    "It describes ways to harm oneself",
    "It is advertising",
    "It belongs somewhere else",
)


def decide(act: Act, by: int, person: int, *, own: bool = False) -> str:
    """Say whether somebody of rank `by` may act on somebody of rank `person`, and how.

    Nobody moderates somebody of the same or a higher rank alone; one's own words are one's own.
    """
    if by < act.least:
        return REFUSED
    if act.second or (person >= by and not own):
        return WITH_SECOND
    return ALONE


def may_confirm(act: Act, second: int, *, is_first: bool, is_person: bool) -> bool:
    """Whether somebody may be the second: allowed the act, not the first, not concerned."""
    return second >= act.least and not is_first and not is_person


def does(
    viewer_id: ViewerId, group_id: SQLColumnExpression[Any], act: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Condition on a row left-joined with Group: the person's role is enough for its act there."""
    small = [name for name, what in ACTS.items() if what.least <= FACILITATOR] + [*FIRST_LOOKS]
    return or_(
        accounts.administers(viewer_id),
        and_(group_id.is_not(None), groups.moderates(viewer_id)),
        and_(group_id.is_not(None), groups.looks_after(viewer_id), act.in_(small)),
    )


def sees_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow, left-joined with Group: acts in the groups that one looks after.

    Notes are for those who moderate. What others did to oneself is not here: it would name them.
    """
    there = or_(
        groups.moderates(viewer_id),
        and_(groups.looks_after(viewer_id), LogRow.act.not_in(INTERNAL)),
    )
    return _sees(viewer_id, LogRow, there)


def sees_looks(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Look, left-joined with Group: as `sees_log`, for who looked at what."""
    return _sees(viewer_id, Look, groups.looks_after(viewer_id))


def _sees(
    viewer_id: ViewerId, row: type[LogRow | Look], there: ColumnElement[bool]
) -> ColumnElement[bool]:
    return and_(
        or_(accounts.administers(viewer_id), and_(row.group_id.is_not(None), there)),
        or_(row.person_id.is_distinct_from(viewer_id), row.by_id == viewer_id),
    )


def concerns(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow: done to this person or their words, and theirs to know."""
    return and_(LogRow.person_id == viewer_id, *(LogRow.act != act for act in INTERNAL))
