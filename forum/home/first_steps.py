"""What the first administrator of a forum does next, until a few others are there."""

from collections.abc import Sequence
from typing import NamedTuple

from forum.accounts import queries as accounts
from forum.accounts.policy import Viewer
from forum.groups import queries as groups
from forum.meetings.schedule.queries import MeetingView
from forum.moderation.on_call import rota

FEW = 5


class Step(NamedTuple):
    """Something to do first; without an address it has to wait for a group."""

    words: str
    why: str
    address: str
    done: bool


def first_steps(viewer: Viewer, meetings: Sequence[MeetingView]) -> list[Step]:
    """Return what an administrator of a young forum is led through; nothing when all is done."""
    if not viewer.is_administrator or accounts.are_there(FEW):
        return []
    known = groups.directory(viewer)
    slug = next((group.slug for group in known if group.moderates), "")
    here = f"/groups/{slug}"
    steps = [
        Step(
            "Found the first group",
            "Say what it is for, who may join and who may read.",
            "/groups/new",
            bool(known),
        ),
        Step(
            "Invite people",
            "Make a link for those who should be there first.",
            f"{here}/invitations" if slug else "",
            accounts.are_there(2),
        ),
        Step(
            "Plan a meeting",
            "A set hour gives a new group something to come back for.",
            f"{here}/meetings/new" if slug else "",
            bool(meetings),
        ),
        Step(
            "Put somebody on the rota",
            "They are told first when a post sounds as if somebody is in danger.",
            "/moderation/rota",
            bool(rota.shifts_for(viewer)),
        ),
    ]
    return [] if all(step.done for step in steps) else steps
