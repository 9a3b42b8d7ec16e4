"""What may be planned: which questionnaires in which waves, with every limit and its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from forum.core import text
from forum.core.errors import Invalid, together
from forum.core.translation import _, lazy, ngettext
from forum.research.instruments.definition import Instrument
from forum.research.waves import instrument_files

EVERY_WAVE, BASELINE = "every_wave", "baseline"
DAYS = (0, 14, 91, 182, 365)
LAST_DAY, DAY_MAX, WAVES_MAX = 365, 1_826, 12
OPENS_BEFORE, CLOSES_AFTER = 3, 21
ITEMS_ADVISED, ITEMS_MAX = 30, 40
WATCH_MAX = 300
NAMES = {
    "instruments": lazy("Questionnaires"),
    "days": lazy("Days of the waves"),
    "opens_before_days": lazy("Opens so many days before"),
    "closes_after_days": lazy("Closes so many days after"),
    "danger_watch": lazy("Who watches for answers that name danger, and when"),
}


@dataclass(frozen=True)
class WavesPlan:
    """The questionnaires of a study by their ids, and the days on which people answer them.

    Each is in every wave or at baseline only. Windows are counted in whole days.
    """

    instruments: Mapping[str, str]
    days: tuple[int, ...]
    opens_before_days: int
    closes_after_days: int
    danger_watch: str

    def of_wave(self, ordinal: int) -> list[str]:
        """Return the ids of the questionnaires of a wave, in their order."""
        return [one for one, scope in self.instruments.items() if ordinal == 0 or scope != BASELINE]


NOTHING = WavesPlan({}, DAYS, OPENS_BEFORE, CLOSES_AFTER, "")


def validated(
    instruments: Mapping[str, str],
    *,
    days: str,
    opens_before_days: str,
    closes_after_days: str,
    danger_watch: str,
) -> WavesPlan:
    """Return a plan as it is stored. Raises Invalid for all that is wrong."""
    clean = together(
        instruments=lambda: _instruments(instruments),
        days=lambda: _days(days),
        opens=lambda: _number(opens_before_days, "opens_before_days", 0, 14),
        closes=lambda: _number(closes_after_days, "closes_after_days", 1, 60),
        watch=lambda: text.one_line(
            danger_watch, "danger_watch", most=WATCH_MAX, name=NAMES["danger_watch"]
        ),
    )
    plan = WavesPlan(
        clean["instruments"], clean["days"], clean["opens"], clean["closes"], clean["watch"]
    )
    together(
        items=lambda: _check_length(plan),
        watch=lambda: _check_watch(plan),
        gaps=lambda: _gaps(plan),
    )
    return plan


def item_count(plan: WavesPlan, ordinal: int) -> int:
    """Return how many items a wave has at most."""
    there = instrument_files.askable()
    return sum(len(there[one].items) for one in plan.of_wave(ordinal))


def names_danger(plan: WavesPlan) -> list[Instrument]:
    """Return the questionnaires of a plan that ask about danger."""
    there = instrument_files.askable()
    chosen = [there[one] for one in plan.instruments]
    return [one for one in chosen if instrument_files.asks_about_danger(one)]


def _instruments(given: Mapping[str, str]) -> dict[str, str]:
    there = instrument_files.askable()
    for one, scope in given.items():
        if one not in there:
            raise _wrong(_("There is no questionnaire %(name)s.", name=one))
        if scope not in {EVERY_WAVE, BASELINE}:
            raise _wrong(_("A questionnaire is asked in every wave, or at the beginning only."))
    if given and EVERY_WAVE not in given.values():
        raise _wrong(_("Choose at least one questionnaire that is asked in every wave."))
    return dict(given)


def _days(given: str) -> tuple[int, ...]:
    words = re.split(r"[\s,]+", given.strip())
    if not all(re.fullmatch(r"[0-9]{1,4}", word) for word in words):
        raise Invalid(fields={"days": _("Enter days as numbers, such as 0, 14, 91, 182, 365.")})
    days = tuple(int(word) for word in words)
    if days[0] != 0 or any(after <= before for before, after in pairwise(days)):
        raise Invalid(fields={"days": _("Begin with day 0, then give each day once, in order.")})
    if not LAST_DAY <= days[-1] <= DAY_MAX:
        raise Invalid(
            fields={
                "days": _(
                    "The last wave is on day 365 or later, as benefits often show only after "
                    "months. Five years is the most."
                )
            }
        )
    if len(days) > WAVES_MAX:
        raise Invalid(fields={"days": _("A study can have up to %(most)s waves.", most=WAVES_MAX)})
    return days


def _number(given: str, field: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", given.strip()) or not least <= int(given) <= most:
        raise Invalid(
            fields={
                field: _(
                    "Enter a number of days from %(least)s to %(most)s.", least=least, most=most
                )
            }
        )
    return int(given)


def _check_length(plan: WavesPlan) -> None:
    items = max(item_count(plan, ordinal) for ordinal in range(2))
    if items > ITEMS_MAX:
        raise _wrong(
            ngettext(
                "That is %(count)s question in one wave. A wave can have up to %(most)s.",
                "That is %(count)s questions in one wave. A wave can have up to %(most)s.",
                items,
                most=ITEMS_MAX,
            )
        )


def _check_watch(plan: WavesPlan) -> None:
    asking = names_danger(plan)
    if asking and not plan.danger_watch:
        raise Invalid(
            fields={
                "danger_watch": _(
                    "%(name)s asks about thoughts of being better off dead. Say who watches for "
                    "those answers, and when, or choose PHQ-8, which is the same without that "
                    "question.",
                    name=asking[0].title,
                )
            }
        )


def _gaps(plan: WavesPlan) -> None:
    if any(after - before <= plan.opens_before_days for before, after in pairwise(plan.days)):
        raise Invalid(fields={"days": _("A wave would open before the one before it is due.")})


def _wrong(words: str) -> Invalid:
    return Invalid(fields={"instruments": words})
