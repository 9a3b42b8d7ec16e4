"""The waves of one participant: what is due, what is to come, and what became of the others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from forum.accounts.policy import Viewer, person_id
from forum.core import clock, time_zones
from forum.core.db import current_session
from forum.core.errors import NotFound
from forum.groups.models import Group, Membership
from forum.notifications.preferences.models import NotificationSettings
from forum.research import queries as studies
from forum.research.models import OPEN as STUDY_OPEN
from forum.research.models import Consent, Participant, Study, StudyGroup
from forum.research.queries import StudyView
from forum.research.waves import queries, schedule
from forum.research.waves.item_pages import Answers, AskedItem, Given
from forum.research.waves.models import (
    COMPLETED,
    DECLINED,
    ItemResponse,
    Wave,
    WaveResponse,
)
from forum.research.waves.schedule import PlannedWave, Window

UPCOMING, DUE, MISSED = "upcoming", "due", "missed"


@dataclass(frozen=True)
class OwnWave:
    """One wave as a participant meets it, with what they did in it; `day0` begins the count."""

    wave: Wave
    window: Window
    response: WaveResponse | None
    day0: datetime
    zone: str
    state: str

    @property
    def opens_on(self) -> date:
        """Return the first day on which it can be answered."""
        return time_zones.day_at(self.window.opens_at, self.zone)

    @property
    def open_until(self) -> date:
        """Return the last day on which it can be answered."""
        return time_zones.day_at(self.window.closes_at - timedelta(seconds=1), self.zone)


def own_waves(study: Study, participant: int, now: datetime | None = None) -> list[OwnWave]:
    """Return the waves of a participant; none where they have never agreed to answer."""
    day0, zone = day0_of(participant), zone_of(study, participant)
    waves = queries.waves_of(study.id)
    if day0 is None or not waves:
        return []
    mine = select(WaveResponse).where(WaveResponse.participant == participant)
    responses = {one.wave_id: one for one in current_session().scalars(mine)}
    planned = [PlannedWave(one.day, one.opens_before_days, one.closes_after_days) for one in waves]
    asks = study.state == STUDY_OPEN and _agrees_to_answer(participant)
    return [
        OwnWave(
            wave,
            window,
            response := responses.get(wave.id),
            day0,
            zone,
            state_of(window, response, now or clock.now(), asks=asks),
        )
        for wave, window in zip(waves, schedule.windows(day0, planned, zone), strict=True)
    ]


def state_of(window: Window, response: WaveResponse | None, now: datetime, *, asks: bool) -> str:
    """Return what became of a wave: upcoming, due, completed, declined or missed.

    Without `asks`, the person has stopped answering or the study is closed, and none is due.
    """
    if response and response.state in {COMPLETED, DECLINED}:
        return response.state
    if asks and window.is_open(now, response.saved_at if response else None):
        return DUE
    return UPCOMING if asks and now < window.opens_at else MISSED


def own_wave(viewer: Viewer, slug: str, ordinal: int) -> tuple[StudyView, OwnWave]:
    """Return a study and one of somebody's own waves in it. Raises LoginNeeded, NotFound."""
    person_id(viewer)
    view = studies.study_for(viewer, slug)
    if view.participant is None:
        raise NotFound
    for one in own_waves(view.study, view.participant):
        if one.wave.ordinal == ordinal:
            return view, one
    raise NotFound


def groups_of(viewer: Viewer, slug: str) -> dict[int, str]:
    """Return by id the names of a study's groups in which somebody is a member.

    Raises LoginNeeded, and NotFound for somebody who doesn't take part.
    """
    me = person_id(viewer)
    view = studies.study_for(viewer, slug)
    if view.participant is None:
        raise NotFound
    mine = (
        select(Group.id, Group.name)
        .join(StudyGroup, StudyGroup.group_id == Group.id)
        .join(Membership, Membership.group_id == Group.id)
        .where(StudyGroup.study_id == view.study.id, Membership.account_id == me)
        .order_by(Group.id)
    )
    return {row.id: row.name for row in current_session().execute(mine)}


def day0_of(participant: int) -> datetime | None:
    """Return when a participant first agreed to answer."""
    return current_session().scalar(
        select(func.min(Consent.given_at)).where(Consent.participant == participant, Consent.answer)
    )


def zone_of(study: Study, participant: int) -> str:
    """Return the zone by which a participant's days count.

    It is the one they chose in the study, or for their notifications, or the study's.
    """
    chosen = (
        current_session()
        .execute(
            select(Participant.zone, NotificationSettings.zone.label("usual"))
            .outerjoin(
                NotificationSettings, NotificationSettings.account_id == Participant.account_id
            )
            .where(Participant.key == participant)
        )
        .one()
    )
    return chosen.zone or chosen.usual or study.zone


def answers_of(response: WaveResponse | None) -> Answers:
    """Return what a participant gave in a wave, by item."""
    if response is None:
        return {}
    mine = select(ItemResponse).where(ItemResponse.wave_response_id == response.id)
    return {
        (one.instrument_id, one.item_id): Given(one.status, one.value, one.words)
        for one in current_session().scalars(mine)
    }


def _agrees_to_answer(participant: int) -> bool:
    consent = studies.current_consent(participant)
    return consent is not None and consent.answer


def minutes(items: Collection[AskedItem]) -> int:
    """Return about how many minutes these items take: those of their questionnaires, in parts."""
    parts = sum(one.instrument.minutes / len(one.instrument.items) for one in items)
    return max(1, round(parts))
