"""The questionnaires that can be asked here: those with words, from the forum or its operator."""

from collections.abc import Mapping

from forum.core.errors import Unavailable
from forum.core.translation import lazy
from forum.research.instruments import registry
from forum.research.instruments.definition import BadInstrument, Instrument
from forum.settings import environment

UNREADABLE = lazy(
    "A questionnaire can't be shown just now, because its file has a mistake. The operator sees "
    "it with `forum instrument check`."
)


def askable() -> Mapping[str, Instrument]:
    """Return by id the instruments that have words. Raises Unavailable for a file that is none."""
    try:
        there = registry.instruments(environment.from_environment().instance)
    except BadInstrument as problem:
        raise Unavailable(UNREADABLE, code="bad_instrument") from problem
    return {name: one for name, one in there.items() if one.has_words}


def asks_about_danger(instrument: Instrument) -> bool:
    """Whether one of its answers calls for help at once."""
    return any(item.danger_from is not None for item in instrument.items)
