"""Telling people what was done to them or their words, and what came of an objection."""

from forum.moderation.events import ActTaken, ObjectionAnswered
from forum.notifications.kinds import ACT, OBJECTION
from forum.notifications.service import tell


def told_of_act(event: ActTaken) -> None:
    """Tell the person whom an act concerns."""
    if event.person_id is not None:
        tell([event.person_id], ACT, event.log_id, event.at)


def told_of_answer(event: ObjectionAnswered) -> None:
    """Tell somebody that their objection was looked at."""
    tell([event.person_id], OBJECTION, event.log_id, event.at)
