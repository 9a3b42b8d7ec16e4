"""Reads about waves: what is planned, and the questionnaires as they were locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from forum.core.db import current_session
from forum.core.errors import NotFound, Unavailable
from forum.core.translation import lazy
from forum.research.instruments.definition import Instrument
from forum.research.models import StudyInstrument
from forum.research.waves import instrument_files
from forum.research.waves.models import ItemResponse, Wave, WavePlan, WaveResponse
from forum.research.waves.plan_fields import BASELINE, EVERY_WAVE, NOTHING, WavesPlan

CHANGED_FILE = lazy(
    "This questionnaire can't be shown just now, because its file isn't the one that the study "
    "was opened with. Nothing you answered is lost. Please try again another day."
)


@dataclass(frozen=True)
class LockedInstrument:
    """A questionnaire of a study, as its file is now, and whether it is asked at baseline only."""

    instrument: Instrument
    is_baseline_only: bool


def plan_of(study_id: int) -> WavesPlan:
    """Return which questionnaires a study has and when; the usual waves where it has none."""
    waves = waves_of(study_id)
    if not waves:
        return NOTHING
    return WavesPlan(
        {
            one.instrument_id: BASELINE if one.is_baseline_only else EVERY_WAVE
            for one in _chosen(study_id)
        },
        tuple(one.day for one in waves),
        waves[0].opens_before_days,
        waves[0].closes_after_days,
        current_session().scalar(select(WavePlan.danger_watch).where(WavePlan.study_id == study_id))
        or "",
    )


def waves_of(study_id: int) -> list[Wave]:
    """Return the waves of a study, the first one first."""
    mine = select(Wave).where(Wave.study_id == study_id)
    return list(current_session().scalars(mine.order_by(Wave.ordinal)))


def locked_instruments(study_id: int) -> Mapping[str, LockedInstrument]:
    """Return a study's questionnaires by id, in their order.

    Raises Unavailable when a file is another one than the study was opened with, or is gone.
    """
    found, there = {}, instrument_files.askable()
    for one in _chosen(study_id):
        instrument = there.get(one.instrument_id)
        if instrument is None or instrument.content_hash != one.content_hash:
            raise Unavailable(CHANGED_FILE, code="instrument_changed")
        found[one.instrument_id] = LockedInstrument(instrument, one.is_baseline_only)
    return found


def instruments_of_wave(wave: Wave) -> list[Instrument]:
    """Return the questionnaires of one wave, in their order. Raises as `locked_instruments`."""
    return [
        one.instrument
        for one in locked_instruments(wave.study_id).values()
        if wave.ordinal == 0 or not one.is_baseline_only
    ]


def wave_at(study_id: int, ordinal: int) -> Wave:
    """Return one wave of a study. Raises NotFound."""
    mine = select(Wave).where(Wave.study_id == study_id, Wave.ordinal == ordinal)
    wave = current_session().scalar(mine)
    if wave is None:
        raise NotFound
    return wave


def own_answers(participant: int) -> list[dict[str, Any]]:
    """Return every answer of a participant, item by item, in the order of the waves."""
    item = ItemResponse
    mine = (
        select(
            Wave.ordinal.label("wave"),
            item.instrument_id,
            item.item_id,
            item.status,
            item.value,
            item.words,
        )
        .join(WaveResponse, WaveResponse.id == item.wave_response_id)
        .join(Wave, Wave.id == WaveResponse.wave_id)
        .where(WaveResponse.participant == participant)
        .order_by(Wave.ordinal, item.instrument_id, item.item_id)
    )
    return [dict(row) for row in current_session().execute(mine).mappings()]


def _chosen(study_id: int) -> list[StudyInstrument]:
    mine = select(StudyInstrument).where(StudyInstrument.study_id == study_id)
    return list(current_session().scalars(mine.order_by(StudyInstrument.place)))
