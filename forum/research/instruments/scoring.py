"""Scores of answers, by each instrument's own rules. Missing answers are never counted as 0."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forum.research.instruments.definition import MEAN, Instrument, Item, Scale


@dataclass(frozen=True)
class Score:
    """A score, None where too many answers are missing, and how many there were.

    `is_prorated` says that the mean of the others stood in for missing answers.
    """

    value: float | None
    answered: int
    missing: int
    is_prorated: bool = False
    subscales: Mapping[str, float | None] = field(default_factory=dict)


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> Score:
    """Return the score of answers by item; None, or no answer at all, is a missing one.

    Raises ValueError for an item or an answer that the instrument does not have.
    """
    _require_known(instrument, answers)
    scored = instrument.scored
    answered = sum(answers.get(item.id) is not None for item in scored)
    missing = len(scored) - answered
    if instrument.scale is None:
        return Score(None, answered, missing)
    value = _value(instrument.scale, scored, answers)
    by_id = {item.id: item for item in scored}
    parts = {
        part.id: _value(instrument.scale, [by_id[each] for each in part.items], answers)
        for part in instrument.subscales
    }
    return Score(value, answered, missing, value is not None and missing > 0, parts)


def band(instrument: Instrument, value: float) -> str:
    """Return what a score is called; "" where the instrument names none."""
    names = [one.label for one in instrument.bands if one.lowest <= value]
    return names[-1] if names else ""


def danger_answers(instrument: Instrument, answers: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return the items whose answers call for help at once."""
    return tuple(
        item.id
        for item in instrument.items
        if item.danger_from is not None
        and (value := answers.get(item.id)) is not None
        and value >= item.danger_from
    )


def _value(scale: Scale, items: Sequence[Item], answers: Mapping[str, int | None]) -> float | None:
    given = [_counted(item, value) for item in items if (value := answers.get(item.id)) is not None]
    if not given or len(items) - len(given) > scale.most_missing:
        return None
    mean = sum(given) / len(given)
    if scale.method == MEAN:
        return mean * scale.factor
    whole = sum(given) if len(given) == len(items) else mean * len(items)
    return whole * scale.factor


def _counted(item: Item, value: int) -> int:
    return min(item.values) + max(item.values) - value if item.is_reversed else value


def _require_known(instrument: Instrument, answers: Mapping[str, int | None]) -> None:
    by_id = {item.id: item for item in instrument.items}
    for item_id, value in answers.items():
        if item_id not in by_id:
            raise ValueError(f"{instrument.id} has no item {item_id}")
        if value is not None and (type(value) is not int or value not in by_id[item_id].values):
            raise ValueError(f"{value} is no answer to item {item_id} of {instrument.id}")
