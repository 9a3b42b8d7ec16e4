"""Participants are notified that questions wait for them, for as long as they do."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, not_, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import current_session
from forum.core.translation import lazy
from forum.notifications.notification_choices import STUDIES
from forum.notifications.registry import NotificationType
from forum.research.models import OPEN, Consent, Participant, Study
from forum.research.waves.models import OPEN as UNFINISHED
from forum.research.waves.models import Wave, WaveResponse


def _title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    named = select(Study.title).join(Wave, Wave.study_id == Study.id).where(Wave.id == about_id)
    return named.correlate_except(Study, Wave).scalar_subquery()


def _address(wave_id: int) -> str:
    found = select(Study.slug, Wave.ordinal).join(Wave, Wave.study_id == Study.id)
    row = current_session().execute(found.where(Wave.id == wave_id)).one_or_none()
    return f"/studies/{row.slug}/questionnaires/{row.ordinal}" if row else "/account#studies-title"


def _waits(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: this account agrees to answer, and has neither finished nor declined the wave."""
    agrees = row_exists(
        Consent,
        Consent.participant == Participant.key,
        Consent.ended_at.is_(None),
        Consent.answer.is_(True),
    )
    is_done = row_exists(
        WaveResponse,
        WaveResponse.wave_id == Wave.id,
        WaveResponse.participant == Participant.key,
        WaveResponse.state != UNFINISHED,
    )
    answers = row_exists(
        Participant,
        Participant.study_id == Wave.study_id,
        Participant.account_id == account_id,
        agrees,
        not_(is_done),
    )
    is_studied = row_exists(Study, Study.id == Wave.study_id, Study.state == OPEN)
    return row_exists(Wave, Wave.id == about_id, is_studied, answers)


WAVE_DUE = NotificationType(
    name="wave_due",
    choice=STUDIES,
    text=lazy("A few questions of the study “%(title)s” are waiting for you"),
    outside=lazy("A few questions are waiting for you. You can answer them, or skip them."),
    address=_address,
    icon="message-circle",
    title=_title,
    visible=_waits,
    timely=_waits,
    about="wave_id",
)
