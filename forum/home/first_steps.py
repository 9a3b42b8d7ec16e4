"""What the first administrator of a forum does next, until a few others are there."""

from collections.abc import Sequence
from typing import NamedTuple

from forum.accounts import queries as accounts
from forum.accounts.policy import Viewer
from forum.core.translation import _
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
            _("Create the first group"),
            _("Say what it's for, who can join and who can read it."),
            "/groups/new",
            bool(known),
        ),
        Step(
            _("Invite people"),
            _("Make a link for the first people you want there."),
            f"{here}/invitations" if slug else "",
            accounts.are_there(2),
        ),
        Step(
            _("Plan a meeting"),
            _("A fixed time gives a new group something to come back for."),
            f"{here}/meetings/new" if slug else "",
            bool(meetings),
        ),
        Step(
            _("Put yourself on the on-call rota"),
            _("You're then the first to be alerted when a post sounds as if someone is in danger."),
            "/moderation/rota",
            bool(rota.shifts_for(viewer)),
        ),
    ]
    return [] if all(step.done for step in steps) else steps
