"""What the page of a study's figures needs: what is on offer, what was asked for, its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forum.core import ids
from forum.research.figures import figure_store
from forum.research.figures.filters import PERIODS, FigureFilter


@dataclass(frozen=True)
class FiguresPage:
    """One choice of a study's edition; `periods` and `groups` hold what else may be chosen.

    `begin` is the first day looked at and `drawn_on` when that was; `older` says that this choice
    was left as it was when figures were drawn last.
    """

    choice: FigureFilter
    periods: dict[str, str]
    groups: dict[int, str]
    shown: dict[str, Any]
    begin: date | None
    drawn_on: date | None
    older: bool


def figures_page(
    home: Path, group_names: Mapping[int, str], period: str, group: str
) -> FiguresPage:
    """Return what was asked for, or the first choice if it is not on offer, or nothing at all.

    A period that is not on offer for one group is left out of the form once that group is chosen.
    """
    offered = [
        choice
        for choice in figure_store.filters_shown(home)
        if choice.group == 0 or choice.group in group_names
    ]
    wanted = FigureFilter(period, ids.row_id(group) or 0)
    same_group = [choice for choice in offered if choice.group == wanted.group] or offered
    choice = wanted if wanted in offered else next(iter(same_group), FigureFilter())
    shown = figure_store.figures_of(home, choice) if offered else {}
    drawn_on = _day(shown.get("drawn_on"))
    return FiguresPage(
        choice,
        {
            name: words
            for name, words in PERIODS.items()
            if FigureFilter(name, choice.group) in offered
        },
        {id_: name for id_, name in group_names.items() if any(c.group == id_ for c in offered)},
        shown,
        _day(shown.get("begin")),
        drawn_on,
        older=drawn_on != figure_store.last_drawn_on(home),
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
