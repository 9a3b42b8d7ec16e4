"""Reads about meetings and series outside of their rooms, through the conditions of policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, not_, or_, select, union_all
from sqlalchemy.orm import aliased

from forum.accounts.policy import Viewer, member_id, row_exists
from forum.core import clock, ids, text
from forum.core.db import UtcDateTime, at_most, current_connection, current_session
from forum.core.errors import Forbidden, NotFound
from forum.core.translation import _
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.groups.queries import GroupView
from forum.meetings import policy
from forum.meetings.models import CANCELLED, OPEN_STATES, OVER, SCHEDULED, Meeting, Series
from forum.meetings.schedule import policy as asked
from forum.meetings.schedule import recurrence
from forum.meetings.schedule.models import Reminder, SeriesReminder

SHOWN_MAX = 60
PAST_SHOWN_MAX = 20


@dataclass(frozen=True)
class MeetingView:
    """A meeting, and what it is to the one who looks at it.

    `reminds` is whether they asked to be reminded of it, or, with `reminds_always`, of its series;
    `reminded` is how many people did.
    """

    id: int
    group_id: int
    group_slug: str
    group_name: str
    series_id: int | None
    title: str
    agenda: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    leader_kind: str
    room_size: int
    transcript_kept: bool
    vanishes_after_hours: int
    state: str
    rule: str
    reminds: bool
    reminds_always: bool
    reminded: int
    moderates: bool
    cover_asked_at: datetime | None
    uncovered_told_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether people can be in its room now."""
        return self.state in OPEN_STATES

    @property
    def needs_cover(self) -> bool:
        """Whether nobody is to facilitate it, as far as the one who looks at it is told."""
        told = self.cover_asked_at if self.moderates else self.uncovered_told_at
        return self.is_coming and told is not None

    @property
    def is_coming(self) -> bool:
        """Whether it is planned, and has not begun."""
        return self.state == SCHEDULED and self.starts_at > clock.now()

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def wall(self) -> datetime:
        """What clocks in its zone show when it begins."""
        return recurrence.to_wall_clock(self.starts_at, self.zone)

    @property
    def repeats(self) -> str:
        """How often its series meets: one of `recurrence.REPEATS`."""
        return recurrence.repeats_of(self.rule)

    @property
    def agenda_html(self) -> Markup:
        """The agenda as it is shown."""
        return render_agenda(self.agenda)


_ME = bindparam("viewer_id", type_=Integer)
_LEFT_OUT = aliased(Reminder)
_OF_ONE = (
    select(func.count())
    .where(
        Reminder.meeting_id == Meeting.id,
        Reminder.wanted.is_(True),
        groups.is_member(Reminder.account_id),
    )
    .correlate(Meeting, Group)
    .scalar_subquery()
)
_OF_ALL = (  # who asked for both was counted above
    select(func.count())
    .where(
        SeriesReminder.series_id == Meeting.series_id,
        groups.is_member(SeriesReminder.account_id),
        not_(
            row_exists(
                _LEFT_OUT,
                _LEFT_OUT.meeting_id == Meeting.id,
                _LEFT_OUT.account_id == SeriesReminder.account_id,
            )
        ),
    )
    .correlate(Meeting, Group)
    .scalar_subquery()
)
_VISIBLE = (
    select(
        *Meeting.__table__.columns,
        Group.slug.label("group_slug"),
        Group.name.label("group_name"),
        Series.rule,
        asked.is_reminded(_ME).label("reminds"),
        asked.asked_for_all(_ME).label("reminds_always"),
        (_OF_ONE + _OF_ALL).label("reminded"),
        groups.moderates(_ME).label("moderates"),
    )
    .join(Group, Group.id == Meeting.group_id)
    .outerjoin(Series, Series.id == Meeting.series_id)
    .where(policy.visible_to(_ME))
)


@lru_cache(maxsize=512)
def render_agenda(markdown: str) -> Markup:
    """Return an agenda as safe HTML."""
    return Markup(text.render(markdown))  # noqa: S704 - text.render is the sanitiser


def meeting_for(viewer: Viewer, meeting_id: int) -> MeetingView:
    """Return a meeting. Raises NotFound when the viewer may not know of it."""
    found = _visible_meetings(viewer, Meeting.id == meeting_id)
    if not found:
        raise NotFound
    return found[0]


def upcoming_meetings(viewer: Viewer, group: GroupView) -> list[MeetingView]:
    """Return the group's meetings that are planned, or cancelled in the days ahead, in order."""
    ahead = Meeting.state.in_((SCHEDULED, CANCELLED)), Meeting.ends_at > clock.now()
    return _visible_meetings(viewer, Meeting.group_id == group.id, *ahead)


def open_meetings(viewer: Viewer, group: GroupView) -> list[MeetingView]:
    """Return the group's meetings whose rooms are open."""
    return _visible_meetings(viewer, Meeting.group_id == group.id, Meeting.state.in_(OPEN_STATES))


_NEXT = aliased(Meeting)
_NEXT_OF_GROUP = (
    select(_NEXT.id)
    .where(
        _NEXT.group_id == Membership.group_id,
        _NEXT.state == SCHEDULED,
        _NEXT.starts_at > bindparam("now", type_=UtcDateTime),
    )
    .order_by(_NEXT.starts_at, _NEXT.id)
    .limit(at_most(1))
    .correlate(Membership)
    .scalar_subquery()
)
_OPEN = aliased(Meeting)
# By their numbers, so no database goes through the meetings of all years.
_LOOKED_AT = union_all(
    select(_OPEN.id).where(_OPEN.state.in_(OPEN_STATES)),
    select(_NEXT_OF_GROUP).where(Membership.account_id == _ME),
)
_OPEN_OR_NEXT = (
    _VISIBLE.where(policy.is_in_calendar_of(_ME), Meeting.id.in_(_LOOKED_AT))
    .order_by(Meeting.starts_at, Meeting.id)
    .limit(at_most(SHOWN_MAX))
)


def open_or_next(viewer: Viewer) -> list[MeetingView]:
    """Return what is open in one's own groups, and the next meeting of each of them, in order."""
    given = {"viewer_id": viewer.id or 0, "now": clock.now()}
    return [_view(row) for row in current_connection().execute(_OPEN_OR_NEXT, given).mappings()]


def calendar_of(viewer: Viewer) -> list[MeetingView]:
    """Return all that is open or ahead in one's own groups, in order. Raises LoginNeeded."""
    member_id(viewer)
    ahead = or_(
        Meeting.state.in_(OPEN_STATES),
        and_(Meeting.state.in_((SCHEDULED, CANCELLED)), Meeting.ends_at > clock.now()),
    )
    return _visible_meetings(viewer, policy.is_in_calendar_of(_ME), ahead)


def past_meetings(viewer: Viewer, group: GroupView) -> list[MeetingView]:
    """Return the group's latest meetings that are over, the latest first."""
    statement = _VISIBLE.where(Meeting.group_id == group.id, Meeting.state == OVER)
    latest = statement.order_by(Meeting.starts_at.desc(), Meeting.id)
    return _views(viewer, latest.limit(at_most(PAST_SHOWN_MAX)))


def require_member(viewer: Viewer, group: GroupView) -> None:
    """Raise Forbidden for anyone who may know the group and not its meetings."""
    if not (group.belongs or viewer.is_administrator):
        raise Forbidden(_("Only members can see when this group meets."))


def require_planner(group: GroupView) -> None:
    """Raise Forbidden for anyone who does not moderate the group."""
    if not group.moderates:
        raise Forbidden(_("Only facilitators and moderators of this group can plan meetings."))


def series_by_id(series_id: int) -> Series:
    """Return a series as it is stored. Raises NotFound."""
    found = current_session().get(Series, series_id)
    if found is None:
        raise NotFound
    return found


def meeting_in_series(viewer: Viewer, series_id: int, given: str) -> int | None:
    """Return the id of a meeting that a form names, if it is one of this series."""
    meeting_id = ids.number(given)
    if meeting_id is None:
        return None
    found = _visible_meetings(viewer, Meeting.id == meeting_id, Meeting.series_id == series_id)
    return found[0].id if found else None


def next_start(series: Series) -> datetime | None:
    """Return the wall-clock start of the next meeting of a series, left-out ones not counted."""
    for start in recurrence.wall_clock_starts(series.starts_at, series.rule, series.left_out):
        if recurrence.to_utc(start, series.zone) > clock.now():
            return start
    return None


def _visible_meetings(viewer: Viewer, *which: ColumnElement[bool]) -> list[MeetingView]:
    ordered = _VISIBLE.where(*which).order_by(Meeting.starts_at, Meeting.id)
    return _views(viewer, ordered.limit(at_most(SHOWN_MAX)))


def _views(viewer: Viewer, statement: Any) -> list[MeetingView]:
    return [
        _view(row)
        for row in current_session().execute(statement, {"viewer_id": viewer.id or 0}).mappings()
    ]


def _view(row: Mapping[Any, Any]) -> MeetingView:
    facts = {name: row[name] for name in MeetingView.__dataclass_fields__}
    return MeetingView(**{**facts, "rule": facts["rule"] or ""})
