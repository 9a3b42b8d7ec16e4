"""What a researcher's page shows is made once a week and kept, numbers only: an edition.

Pages read the kept edition and never the record, so no visit costs a computation, and no two
answers can be set against each other: `populations` says who is counted. A choice that it cannot
show keeps its older figures. To know this, the participant keys behind what was shown are kept
beside the edition; they are random numbers, and no page reads them.

Words and numbers are in a drawing, so there is an edition for each language of the forum. The
English one says which choices there are; an older one without another language is shown in English.
"""

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from random import Random, SystemRandom
from tempfile import NamedTemporaryFile
from typing import Any

from forum.activity.measures.snapshot_reader import participants_in
from forum.activity.small_cells import rounded_count
from forum.core.translation import catalogues, languages
from forum.research.figures import populations
from forum.research.figures.charts.drawing import draw
from forum.research.figures.figure import Figure, in_words
from forum.research.figures.filters import PERIODS, FigureFilter, windows
from forum.research.figures.populations import CountedPopulations
from forum.research.figures.registry import figures

EDITION, SHOWN, DRAWN = "edition.json", "shown.json", "drawn.json"
COUNTED = "counted.json"
SYSTEM_RANDOMNESS = SystemRandom()


def update(
    home: Path,
    snapshot: Path,
    begin: date,
    today: date,
    zone: str,
    groups: list[int],
    random: Random = SYSTEM_RANDOMNESS,
) -> None:
    """Make an edition from a snapshot's folder and keep it in the study's own folder.

    Lots are drawn from the system's randomness, which nobody can know, unless a test gives another.
    """
    windows_shown = windows(begin, today, zone, groups)
    everybody = dict(
        zip(windows_shown, participants_in(snapshot, windows_shown.values()), strict=True)
    )
    counted, after = populations.choose_populations(everybody, _counted_before(home), random)
    editions = {
        language: {
            key: shown
            for key, shown in _load(_stored_figures(home, language), {}).items()
            if _filter(key).group in {0, *groups}
        }
        for language in reversed(catalogues.codes())  # English, which says what there is, last
    }
    for language, edition in editions.items():
        with languages.using(language):
            for choice, people in counted.items():
                window = windows_shown[choice]
                edition[choice.key] = {
                    "language": language,
                    "count": in_words(rounded_count(len(people))),
                    "begin": window.begin.isoformat(),
                    "days": window.days,
                    "drawn_on": today.isoformat(),
                    "figures": [_as_stored(one) for one in figures(snapshot, window, people)],
                }
    # The keys first: whatever happens between the two, nothing is shown that is not known as shown.
    _save(home / SHOWN, sorted(sorted(keys) for keys in after.shown))
    last = {choice.key: sorted(keys) for choice, keys in after.last.items()}
    blocks = [sorted(keys) for keys in after.blocks]
    _save(home / COUNTED, {"last": last, "blocks": blocks})
    for language, edition in editions.items():
        _save(_stored_figures(home, language), edition)
    _save(home / DRAWN, today.isoformat())


def _as_stored(figure: Figure) -> dict[str, Any]:
    drawing = asdict(draw(figure.chart, figure.name)) if figure.chart else None
    return {
        "name": figure.name,
        "title": figure.title,
        "summary": figure.summary,
        "drawing": drawing,
        "columns": figure.columns,
        "rows": figure.rows,
    }


def _stored_figures(home: Path, language: str) -> Path:
    return home / (EDITION if language == languages.SOURCE else f"edition.{language}.json")


def _counted_before(home: Path) -> CountedPopulations:
    stored = _load(home / COUNTED, {"last": {}})
    return CountedPopulations(
        shown=[frozenset(keys) for keys in _load(home / SHOWN, [])],
        last={_filter(key): frozenset(keys) for key, keys in stored["last"].items()},
        blocks=[frozenset(keys) for keys in stored.get("blocks", [])],
    )


def filters_shown(home: Path) -> list[FigureFilter]:
    """Return the choices that a study's edition holds, everything and everybody first."""
    order = list(PERIODS)
    stored = [_filter(key) for key in _load(home / EDITION, {})]
    return sorted(stored, key=lambda choice: (choice.group, order.index(choice.period)))


def figures_of(home: Path, choice: FigureFilter) -> dict[str, Any]:
    """Return what the edition shows of a choice: count, begin, days, drawn_on and figures.

    Nothing for a choice that it does not hold. They are in this language if they were drawn in it.
    """
    found, read = (
        _load(_stored_figures(home, language), {}).get(choice.key, {})
        for language in (languages.SOURCE, languages.current())
    )
    shown: dict[str, Any] = read if read.get("drawn_on") == found.get("drawn_on") else found
    return shown


def last_drawn_on(home: Path) -> date | None:
    """Return the day on which an edition was made last, whatever it could show then."""
    stored = _load(home / DRAWN, None)
    return date.fromisoformat(stored) if stored else None


def _load(file: Path, otherwise: Any) -> Any:
    return json.loads(file.read_text()) if file.exists() else otherwise


def _save(file: Path, what: Any) -> None:
    """Write a file in one step; a full disk leaves the old one in its place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False) as part:
        try:
            json.dump(what, part)
            part.flush()
            os.fsync(part.fileno())
        except OSError:
            Path(part.name).unlink()
            raise
    Path(part.name).replace(file)


def _filter(key: str) -> FigureFilter:
    period, _, group = key.partition(".")
    return FigureFilter(period, int(group))
