"""What a member can be told besides posts: for each kind its words, its place, and who may see it.

Such a notification has an `about_id` instead of a post: the number of a row that only its kind
knows. Like a post's, its line is shown only while that row may be seen. Slices above this one add
theirs in `forum/wiring.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from forum.moderation.models import LogRow, Proposal
from forum.moderation.queue.models import QueueEntry
from forum.notifications import type_rules as rules
from forum.notifications.type_rules import Title, Visible
from forum.threads.models import APPROVED, DECLINED

T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """How one kind of notification is told.

    `words` may hold {title}, which `title` finds for an about_id; `address` holds {id}, or finds
    the address for an about_id.
    """

    words: str
    address: str | Callable[[int], str]
    icon: str
    title: Title
    visible: Visible


def _meeting(words: str) -> Kind:
    return Kind(words, "/meetings/{id}", "users", rules.meeting_title, rules.meeting_visible)


def _care(words: str) -> Kind:
    return Kind(
        words, "/safety/notes/{id}", "heart-handshake", rules.note_group, rules.note_visible
    )


def _act(words: str) -> Kind:
    return Kind(
        words,
        "/moderation/mine#act-{id}",
        "shield-check",
        rules.untitled,
        rules.act_visible,
    )


def _proposal(words: str) -> Kind:
    return Kind(
        words, "/moderation/log#act-{id}", "shield-check", rules.its_group(LogRow), rules.proposed
    )


_SEEN = partial(rules.own, seen=True)
ACT, OBJECTION, CRISIS = "act", "objection", "crisis"
PROPOSAL_WAITS, OBJECTION_WAITS = "proposal_waits", "objection_waits"
PROPOSAL_DONE, PROPOSAL_DECLINED = "proposal_done", "proposal_declined"
PROPOSAL_LAPSED = "proposal_lapsed"
MEETING_SOON, REPORT = "meeting_soon", "report"
MEETING_MOVED, MEETING_CANCELLED = "meeting_moved", "meeting_cancelled"
CARE_NOTE, CARE_ANSWER = "care_note", "care_answer"
POST_APPROVED, POST_DECLINED = "post_approved", "post_declined"
EDIT_APPROVED, EDIT_DECLINED = "edit_approved", "edit_declined"
POST_MOVED, MOVED_AWAY = "post_moved", "moved_away"
STUDY_LEFT = "study_left"
KINDS: dict[str, Kind] = {
    MEETING_SOON: _meeting("“{title}” starts soon"),
    MEETING_MOVED: _meeting("“{title}” has moved to another time"),
    MEETING_CANCELLED: _meeting("“{title}” was cancelled"),
    ACT: _act("A moderator did something about you or your words; here is why"),
    OBJECTION: _act("Somebody else has looked at your objection"),
    PROPOSAL_WAITS: Kind(
        "Something in {title} waits for a second person, who could be you",
        "/moderation/log#proposal-{id}",
        "shield-check",
        rules.its_group(Proposal),
        rules.proposal_waits,
    ),
    PROPOSAL_DONE: _proposal("What you proposed in {title} was confirmed, and is done"),
    PROPOSAL_DECLINED: _proposal("What you proposed in {title} was declined, and is not done"),
    PROPOSAL_LAPSED: _proposal(
        "Nobody answered what you proposed in {title} for 14 days, so it has lapsed"
    ),
    OBJECTION_WAITS: Kind(
        "Somebody in {title} asks for another look at what was done",
        "/moderation/log#objection-{id}",
        "shield-check",
        rules.its_group(LogRow),
        rules.objection_waits,
    ),
    CARE_NOTE: _care("Those who look after {title} have written to you"),
    CARE_ANSWER: _care("Somebody in {title} has answered your note"),
    POST_APPROVED: Kind(
        "What you wrote in “{title}” has been looked at and is shown now",
        "/posts/{id}",
        "shield-check",
        rules.post_title,
        rules.looked_at(APPROVED),
    ),
    POST_DECLINED: Kind(
        "What you wrote in “{title}” was not shown; here you can read why",
        "/posts/{id}",
        "heart-handshake",
        rules.post_title,
        rules.looked_at(DECLINED),
    ),
    EDIT_APPROVED: Kind(
        "Your edit in “{title}” was approved and is shown now",
        "/posts/{id}",
        "shield-check",
        rules.post_title,
        _SEEN,
    ),
    EDIT_DECLINED: Kind(
        "Your edit in “{title}” was not approved; here you can read why",
        "/posts/{id}/edit",
        "heart-handshake",
        rules.post_title,
        _SEEN,
    ),
    POST_MOVED: Kind(
        "What you wrote has been moved; it is here now",
        "/posts/{id}",
        "shield-check",
        rules.untitled,
        _SEEN,
    ),
    MOVED_AWAY: Kind(
        "A conversation in which you wrote has moved to a group that you are not in; your words "
        "are in what you can download",
        "/account/data",
        "shield-check",
        rules.untitled,
        partial(rules.own, seen=False),
    ),
    CRISIS: Kind(
        "Somebody in {title} may be in danger",
        "/moderation/queue/{id}",
        "life-buoy",
        rules.its_group(QueueEntry),
        rules.waits_for,
    ),
    REPORT: Kind(
        "Somebody has looked at what you reported",
        "/moderation/reports/mine",
        "shield-check",
        rules.untitled,
        rules.answered,
    ),
    STUDY_LEFT: Kind(
        "“{title}” has left a study that you take part in; what you gave is yours to keep or erase",
        "/account#studies-title",
        "heart-handshake",
        rules.group_name,
        rules.belongs,
    ),
}


def sharing(rule: Callable[[Kind], T]) -> dict[T, list[str]]:
    """Return the names of kinds by a rule that they share, so that a question holds it once."""
    shared: dict[T, list[str]] = {}
    for name, kind in KINDS.items():
        shared.setdefault(rule(kind), []).append(name)
    return shared
