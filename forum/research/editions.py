"""What a researcher's page shows is made once a week and kept, numbers only: an edition.

Pages read the kept edition and never the record, so no visit costs a computation, and no two
answers can be set against each other: what is shown is always of the same people as something
shown before, or of people who differ from everything shown before by at least 8. Until then the
older figures of that choice stay. To know this, the participant keys behind what was shown are kept
beside the edition; they are random numbers, and no page reads them.
"""

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from forum.activity.measures.record import people_in
from forum.activity.small_cells import in_words, told
from forum.research.choices import PERIODS, Choice, admitted, windows
from forum.research.figures import figures

EDITION, SHOWN, DRAWN = "edition.json", "shown.json", "drawn.json"


def renew(
    home: Path, snapshot: Path, begin: date, today: date, zone: str, groups: list[int]
) -> None:
    """Make an edition from a snapshot's folder and keep it in the study's own folder."""
    looked_at = windows(begin, today, zone, groups)
    populations = dict(zip(looked_at, people_in(snapshot, looked_at.values()), strict=True))
    before = [frozenset(keys) for keys in _kept(home / SHOWN, [])]
    edition = {
        key: shown
        for key, shown in _kept(home / EDITION, {}).items()
        if _choice(key).group in {0, *groups}
    }
    allowed = admitted(populations, before)
    for choice in allowed:
        window = looked_at[choice]
        edition[choice.key] = {
            "count": in_words(told(len(populations[choice]))),
            "begin": window.begin.isoformat(),
            "days": window.days,
            "drawn_on": today.isoformat(),
            "figures": [asdict(figure) for figure in figures(snapshot, window)],
        }
    # The keys first: whatever happens between the two, nothing is shown that is not known as shown.
    shown = {*before, *(populations[choice] for choice in allowed)}
    _keep(home / SHOWN, sorted(sorted(keys) for keys in shown))
    _keep(home / EDITION, edition)
    _keep(home / DRAWN, today.isoformat())


def choices(home: Path) -> list[Choice]:
    """Return the choices that a study's edition holds, everything and everybody first."""
    order = list(PERIODS)
    kept = [_choice(key) for key in _kept(home / EDITION, {})]
    return sorted(kept, key=lambda choice: (choice.group, order.index(choice.period)))


def shown(home: Path, choice: Choice) -> dict[str, Any]:
    """Return what the edition shows of a choice: count, begin, days, drawn_on and figures.

    Nothing for a choice that it does not hold.
    """
    found: dict[str, Any] = _kept(home / EDITION, {}).get(choice.key, {})
    return found


def drawn_on(home: Path) -> date | None:
    """Return the day on which an edition was made last, whatever it could show then."""
    kept = _kept(home / DRAWN, None)
    return date.fromisoformat(kept) if kept else None


def _kept(file: Path, otherwise: Any) -> Any:
    return json.loads(file.read_text()) if file.exists() else otherwise


def _keep(file: Path, what: Any) -> None:
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


def _choice(key: str) -> Choice:
    period, _, group = key.partition(".")
    return Choice(period, int(group))
