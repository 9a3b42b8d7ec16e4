"""The scores of a completed wave, stored with the version of the instrument that made them."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from forum.research.instruments import scoring
from forum.research.instruments.definition import Instrument
from forum.research.waves.item_pages import Answers
from forum.research.waves.models import ANSWERED, InstrumentScore, WaveResponse


def store(
    session: Session, response: WaveResponse, instruments: Iterable[Instrument], answers: Answers
) -> None:
    """Compute and store the score of each questionnaire that has one."""
    for instrument in instruments:
        if instrument.scale is None:
            continue
        values = {
            item.id: one.value if one and one.status == ANSWERED else None
            for item in instrument.items
            for one in [answers.get((instrument.id, item.id))]
        }
        score = scoring.score(instrument, values)
        session.add(
            InstrumentScore(
                wave_response_id=response.id,
                instrument_id=instrument.id,
                version=instrument.version,
                content_hash=instrument.content_hash,
                value=score.value,
                answered=score.answered,
                missing=score.missing,
                is_prorated=score.is_prorated,
                subscales=dict(score.subscales),
            )
        )
