"""Every write about when a group meets: planning a series, changing it, cancelling.

Each verb locks the series first; the meetings are rows made ahead from its rule. What has begun
or is over stays as it was.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, NotFound
from forum.core.translation import _
from forum.groups import queries as group_queries
from forum.meetings.models import CANCELLED, SCHEDULED, Meeting, Series
from forum.meetings.schedule import facilitators as naming
from forum.meetings.schedule import occurrences, queries, schedule_form
from forum.meetings.schedule.schedule_form import SeriesDetails

SERIES_MAX = 20


def schedule_series(
    viewer: Viewer, group_id: int, typed: Mapping[str, str], facilitators: Collection[str] = ()
) -> int:
    """Plan a series of meetings, or a single one; return the series' id.

    `typed` is what a schedule form holds (`schedule_form.DEFAULTS`), and `facilitators` the handles
    of those who facilitate with the viewer. Raises LoginNeeded, NotFound,
    Forbidden, Invalid, and Conflict for a group that has planned very much already.
    """
    account_id = member_id(viewer)
    queries.require_planner(group_queries.group_by_id(viewer, group_id))
    plan = schedule_form.parse_form(typed)
    with transaction() as session:
        queries.require_planner(group_queries.group_by_id(viewer, group_id))
        _require_below_limit(session, group_id)
        series = Series(
            group_id=group_id, by_id=account_id, created_at=clock.now(), **_columns(plan)
        )
        session.add(series)
        session.flush()
        naming.name_facilitators(session, series, facilitators)
        occurrences.create_occurrences(session, series)
        return series.id


def edit_series(
    viewer: Viewer,
    series_id: int,
    typed: Mapping[str, str],
    facilitators: Collection[str] | None = None,
) -> None:
    """Change a series and its meetings that are still to come.

    A meeting that finds a new time nearby moves there, with the reminders for it; one that finds
    none is cancelled. Without `facilitators` those stay. Raises LoginNeeded, NotFound, Forbidden,
    Conflict, Invalid, EditConflict.
    """
    with transaction() as session:
        series = _lock_active_series(session, viewer, series_id)
        schedule_form.require_unchanged(series, queries.next_start(series), typed)
        for name, value in _columns(schedule_form.parse_form(typed)).items():
            setattr(series, name, value)
        if facilitators is not None:
            naming.name_facilitators(session, series, facilitators)
        series.revision += 1
        session.flush()
        occurrences.update_occurrences(session, series, member_id(viewer))


def cancel_series(viewer: Viewer, series_id: int) -> None:
    """Cancel a series with all meetings to come; harmless when that was done before.

    Raises LoginNeeded, NotFound, Forbidden.
    """
    with transaction() as session:
        series = _lock_series(session, viewer, series_id)
        if series.cancelled_at is None:
            series.cancelled_at = clock.now()
            series.revision += 1
            occurrences.cancel_occurrences(session, series, member_id(viewer))


def cancel_meeting(viewer: Viewer, meeting_id: int) -> None:
    """Cancel one meeting; the others of its series stay. Harmless when that was done before.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict for one that has opened or is over.
    """
    by_id = member_id(viewer)
    found = queries.meeting_for(viewer, meeting_id)
    queries.require_planner(group_queries.group_by_id(viewer, found.group_id))
    with transaction() as session:
        meeting = session.scalars(
            select(Meeting).where(Meeting.id == meeting_id).with_for_update()
        ).one_or_none()
        if meeting is None:
            raise NotFound
        if meeting.state == CANCELLED:
            return
        if meeting.state != SCHEDULED or meeting.ends_at <= clock.now():
            raise Conflict(_("This meeting has already started or ended."))
        occurrences.cancel_occurrence(meeting, by_id)


def create_upcoming_occurrences() -> None:
    """Make the coming meetings of every series that goes on."""
    going_on = select(Series.id).where(Series.cancelled_at.is_(None)).order_by(Series.id)
    for series_id in current_session().scalars(going_on).all():
        with transaction() as session:
            series = _lock_row(session, series_id)
            if series is not None and series.cancelled_at is None:
                occurrences.create_occurrences(session, series)


def _lock_active_series(session: Session, viewer: Viewer, series_id: int) -> Series:
    series = _lock_series(session, viewer, series_id)
    if series.cancelled_at is not None:
        raise Conflict(_("This series was cancelled. You can plan a new one."))
    return series


def _lock_series(session: Session, viewer: Viewer, series_id: int) -> Series:
    member_id(viewer)
    series = _lock_row(session, series_id)
    if series is None:
        raise NotFound
    group = group_queries.group_by_id(viewer, series.group_id)
    if not (group.belongs or viewer.is_administrator):
        raise NotFound
    queries.require_planner(group)
    return series


def _lock_row(session: Session, series_id: int) -> Series | None:
    return session.scalars(
        select(Series).where(Series.id == series_id).with_for_update()
    ).one_or_none()


def _require_below_limit(session: Session, group_id: int) -> None:
    soon = exists().where(
        Meeting.series_id == Series.id,
        Meeting.state == SCHEDULED,
        Meeting.starts_at > clock.now() - timedelta(hours=1),
    )
    planned = select(Series.id).where(
        Series.group_id == group_id, Series.cancelled_at.is_(None), soon
    )
    if len(session.scalars(planned.limit(SERIES_MAX)).all()) == SERIES_MAX:
        raise Conflict(
            _(
                "This group already has %(most)s planned series. Cancel one to plan another.",
                most=SERIES_MAX,
            )
        )


def _columns(plan: SeriesDetails) -> dict[str, object]:
    return {name: getattr(plan, name) for name in SeriesDetails.__dataclass_fields__}
