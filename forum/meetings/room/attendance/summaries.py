"""What facilitators read after a meeting: how many came, who spoke, who did not."""

from dataclasses import dataclass

from forum.accounts.policy import Viewer, member_id
from forum.core.errors import Conflict, Forbidden
from forum.core.translation import _
from forum.meetings.models import OVER
from forum.meetings.room import queries as room_queries
from forum.meetings.room.attendance import inequality as attendance_gini
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.queries import RoomView


@dataclass(frozen=True)
class Distribution:
    """How evenly one thing was shared among the people who came: plain and corrected Gini."""

    total: int
    gini: float
    corrected: float


@dataclass(frozen=True)
class SilentAttendee:
    """An attendee who neither wrote nor had a turn."""

    id: int
    handle: str
    minutes: float


@dataclass(frozen=True)
class MeetingSummary:
    """A meeting that is over. Facilitatorsd are counted apart."""

    room: RoomView
    came: int
    facilitated: int
    minutes: float
    turns: Distribution
    messages: Distribution
    silent: tuple[SilentAttendee, ...]

    @property
    def spoke(self) -> int:
        """How many attendees wrote something or had a turn."""
        return self.came - len(self.silent)


def summary_for(viewer: Viewer, meeting_id: int) -> MeetingSummary:
    """Return a meeting's summary. Raises LoginNeeded, NotFound, Forbidden, Conflict."""
    member_id(viewer)
    room = room_queries.room_for(viewer, meeting_id)
    if not room.facilitates:
        raise Forbidden(_("Only the group's facilitators can see this."), code="not_yours")
    if room.state != OVER:
        raise Conflict(_("You'll find a summary here when the meeting is over."), code="not_over")
    everybody = people_queries.attendance_of(meeting_id)
    came = [row for row in everybody if not row.facilitated]
    minutes = sorted(row.present_ms / 60_000 for row in came)
    return MeetingSummary(
        room,
        len(came),
        len(everybody) - len(came),
        minutes[len(minutes) // 2] if minutes else 0.0,
        _distribution([row.speaking_turns for row in came]),
        _distribution([row.message_count for row in came]),
        tuple(
            SilentAttendee(row.account_id, row.handle, row.present_ms / 60_000)
            for row in came
            if not row.speaking_turns and not row.message_count
        ),
    )


def _distribution(counts: list[int]) -> Distribution:
    return Distribution(
        sum(counts), attendance_gini.gini(counts), attendance_gini.corrected_gini(counts)
    )
