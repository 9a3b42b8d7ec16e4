"""Inviting participants to answer and reminding them: each once, whoever else tries to.

A prompt is noted before it is sent, so two workers, a restart or a clock that is set back send
nothing twice. Each participant is a short step of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, not_, select

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.core import clock
from forum.core.cooperative_yielding import give_way
from forum.core.db import current_session, transaction
from forum.notifications import service as notifications
from forum.notifications.preferences import policy as preferences
from forum.research.models import OPEN, Consent, Participant, Study
from forum.research.studies import researcher_access
from forum.research.waves import participant_waves, schedule
from forum.research.waves.models import Wave, WavePrompt
from forum.research.waves.participant_waves import DUE, OwnWave
from forum.research.waves.schedule import Prompt
from forum.research.waves.wave_notifications import WAVE_DUE

_PROMPTS = cast("Table", WavePrompt.__table__)


@dataclass(frozen=True)
class DuePrompt:
    """A prompt that is due now, and of which wave."""

    wave_id: int
    prompt: Prompt


def send_due() -> None:
    """Send the invitations and reminders that are due, participant by participant."""
    asked = (
        select(Participant.key, Participant.study_id, Participant.account_id)
        .join(Consent, Consent.participant == Participant.key)
        .join(Study, Study.id == Participant.study_id)
        .where(
            Study.state == OPEN,
            Consent.ended_at.is_(None),
            Consent.answer,
            Study.id.in_(select(Wave.study_id)),
        )
        .order_by(Participant.key)
    )
    for row in current_session().execute(asked).all():
        if row.account_id is not None:
            send_due_to(row.study_id, row.key, row.account_id)
        give_way()


def send_due_to(study_id: int, participant: int, account_id: int) -> None:
    """Send one participant what is due, unless it was sent or they want to hear nothing now."""
    study = current_session().get_one(Study, study_id)
    if not due_prompts(study, participant, account_id, clock.now()):
        return
    with transaction() as session:
        study = researcher_access.lock_study(session, study_id)
        now = clock.now()
        for due in due_prompts(study, participant, account_id, now):
            noted = (
                insert(_PROMPTS)
                .values(
                    participant=participant,
                    wave_id=due.wave_id,
                    kind=due.prompt.kind,
                    ordinal=due.prompt.ordinal,
                    at=now,
                )
                .on_conflict_do_nothing()
                .returning(_PROMPTS.c.id)
            )
            if session.scalar(noted) is not None:
                notifications.withdraw([WAVE_DUE.name], due.wave_id, account_id)
                notifications.notify(WAVE_DUE, [account_id], due.wave_id, now)


def due_prompts(study: Study, participant: int, account_id: int, now: datetime) -> list[DuePrompt]:
    """Return what one participant is to be sent now.

    Nothing while they take a break, are suspended or have snoozed it, and nothing within three days
    of an answer that names danger.
    """
    waves = participant_waves.own_waves(study, participant, now)
    dangers = [one.response.danger_at for one in waves if one.response and one.response.danger_at]
    if any(now - at < schedule.QUIET_AFTER_DANGER for at in dangers) or _is_away(account_id):
        return []
    sent = _sent(participant)
    found = []
    for one in waves:
        if one.state == DUE and not _is_snoozed(one, now):
            before = sent.get(one.wave.id, [])
            if prompt := schedule.next_prompt(one.window, before, now, one.zone):
                found.append(DuePrompt(one.wave.id, prompt))
    return found


def _is_snoozed(one: OwnWave, now: datetime) -> bool:
    until = one.response.snoozed_until if one.response else None
    return until is not None and now < until


def _is_away(account_id: int) -> bool:
    there = select(Account.id).where(
        Account.id == account_id,
        accounts.is_active(Account.id),
        not_(preferences.is_on_break(Account.id)),
    )
    return current_session().scalar(there) is None


def _sent(participant: int) -> dict[int, list[datetime]]:
    mine = select(WavePrompt.wave_id, WavePrompt.at).where(WavePrompt.participant == participant)
    found: dict[int, list[datetime]] = {}
    for wave_id, at in current_session().execute(mine.order_by(WavePrompt.ordinal)):
        found.setdefault(wave_id, []).append(at)
    return found
