"""What participants do with a wave: save a page, finish it, say “not this time”, snooze it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, person_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.translation import _, lazy
from forum.moderation.queue import triggers as queue_triggers
from forum.research import queries as studies
from forum.research.instruments import scoring
from forum.research.studies import researcher_access
from forum.research.waves import item_pages, participant_waves, queries, scores
from forum.research.waves.item_pages import Answers, AskedItem, Given, ItemKey
from forum.research.waves.models import (
    ANSWERED,
    COMPLETED,
    DECLINED,
    NOT_REACHED,
    OPEN,
    ItemResponse,
    WaveResponse,
)
from forum.research.waves.participant_waves import DUE, MISSED, UPCOMING, OwnWave

SNOOZE_DAYS = (1, 3, 7)
NOT_DUE = {
    COMPLETED: lazy(
        "You've already finished this questionnaire, maybe in another tab. Your answers are saved "
        "as they were."
    ),
    DECLINED: lazy("You've skipped this questionnaire, so it's closed."),
    MISSED: lazy("This questionnaire has closed. What you'd answered until then is saved."),
    UPCOMING: lazy("This questionnaire isn't open yet."),
}
WORDS_MAX = 100
MISSING = lazy("Choose an answer, or “I'd rather not say”.")


@dataclass(frozen=True)
class SavedPage:
    """What follows from a saved page: whether help comes first, and whether the wave is done."""

    needs_help: bool
    is_completed: bool


def save_page(
    viewer: Viewer, slug: str, ordinal: int, page: int, given: Mapping[ItemKey, Given]
) -> SavedPage:
    """Save what was given on one page, item by item; the later of two saves wins.

    Items that are not in `given` stay as they were. With nothing left open the wave is completed,
    its scores are computed, and it can't be changed any more. Raises LoginNeeded, NotFound, Invalid
    for what no item asks for, and Conflict for a wave that is not open.
    """
    with transaction() as session:
        one, response = _lock_due(session, viewer, slug, ordinal)
        found = item_pages.pages(queries.instruments_of_wave(one.wave))
        asked = {each.key: each for each in found[page - 1]} if 1 <= page <= len(found) else {}
        _check(asked, given)
        before = participant_waves.answers_of(response)
        now = clock.now()
        if response.started_at is None:
            response.started_at = now
            _add_items(session, response, found)
        response.saved_at = now
        answers = {**before, **given}
        _set_items(session, response, given, now)
        named = _dangers(asked, answers) - _dangers(asked, before)
        if named:
            response.danger_at = now
        is_completed = item_pages.first_open(found, answers) is None
        if is_completed:
            response.state, response.completed_at = COMPLETED, now
            scores.store(session, response, queries.instruments_of_wave(one.wave), answers)
        return SavedPage(bool(named), is_completed)


def decline_wave(viewer: Viewer, slug: str, ordinal: int) -> None:
    """Say “not this time”: the wave is closed, and no reminder comes; harmless when said before.

    What was answered stays. Raises LoginNeeded, NotFound, Conflict.
    """
    with transaction() as session:
        _view, one = participant_waves.own_wave(viewer, slug, ordinal)
        if one.state != DECLINED:
            _one, response = _lock_due(session, viewer, slug, ordinal)
            response.state = DECLINED


def snooze_wave(viewer: Viewer, slug: str, ordinal: int, days: int) -> None:
    """Send nothing about a wave for some days. Raises LoginNeeded, NotFound, Invalid, Conflict."""
    with transaction() as session:
        _one, response = _lock_due(session, viewer, slug, ordinal)
        if days not in SNOOZE_DAYS:
            raise Invalid(fields={"days": _("Choose one of the times offered.")})
        response.snoozed_until = clock.now() + timedelta(days=days)


def ask_for_contact(viewer: Viewer, slug: str, group_id: int) -> None:
    """Tell those who moderate a group that somebody in a study asks for contact, and not why.

    Raises LoginNeeded, NotFound for a group of which they are no member.
    """
    with transaction():
        if group_id not in participant_waves.groups_of(viewer, slug):
            raise NotFound
        queue_triggers.add_contact_request(person_id(viewer), group_id, clock.now())


def _lock_due(
    session: Session, viewer: Viewer, slug: str, ordinal: int
) -> tuple[OwnWave, WaveResponse]:
    """Return a wave that somebody can answer now; others who change it wait."""
    view = studies.study_for(viewer, slug)
    researcher_access.lock_study(session, view.study.id)
    view, one = participant_waves.own_wave(viewer, slug, ordinal)
    if one.state != DUE:
        raise Conflict(NOT_DUE[one.state], code=f"wave_{one.state}")
    if one.response is not None:
        return one, one.response
    response = WaveResponse(
        wave_id=one.wave.id, participant=view.participant, day0=one.day0, state=OPEN
    )
    session.add(response)
    session.flush()
    return one, response


def _check(asked: Mapping[ItemKey, AskedItem], given: Mapping[ItemKey, Given]) -> None:
    for key, answer in given.items():
        if key not in asked:
            raise Invalid(fields={".".join(key): _("This page doesn't ask for this.")})
        item, field = asked[key].item, asked[key].field
        if answer.status == ANSWERED and not item.words and answer.value not in item.values:
            raise Invalid(fields={field: MISSING})
        text.one_line(answer.words, field, most=WORDS_MAX, name=_("Your answer"))


def _add_items(
    session: Session, response: WaveResponse, found: Sequence[Sequence[AskedItem]]
) -> None:
    session.add_all(
        ItemResponse(
            wave_response_id=response.id,
            instrument_id=asked.instrument.id,
            item_id=asked.item.id,
            status=NOT_REACHED,
        )
        for page in found
        for asked in page
    )
    session.flush()


def _set_items(
    session: Session, response: WaveResponse, given: Mapping[ItemKey, Given], now: datetime
) -> None:
    for (instrument_id, item_id), answer in given.items():
        change = update(ItemResponse).where(
            ItemResponse.wave_response_id == response.id,
            ItemResponse.instrument_id == instrument_id,
            ItemResponse.item_id == item_id,
        )
        session.execute(
            change.values(
                status=answer.status, value=answer.value, words=answer.words, saved_at=now
            )
        )


def _dangers(asked: Mapping[ItemKey, AskedItem], answers: Answers) -> set[tuple[ItemKey, int]]:
    """Return which answers on a page name danger."""
    found = set[tuple[ItemKey, int]]()
    for instrument in {one.instrument.id: one.instrument for one in asked.values()}.values():
        values = {
            item_id: one.value
            for (instrument_id, item_id), one in answers.items()
            if instrument_id == instrument.id and (instrument_id, item_id) in asked
        }
        for item_id in scoring.danger_answers(instrument, values):
            found.add(((instrument.id, item_id), values[item_id] or 0))
    return found
