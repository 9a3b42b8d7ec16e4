"""What a researcher's page shows is made once a week and kept, numbers only: an edition.

Pages read the kept edition and never the record, so no visit costs a computation, and no two
answers can be set against each other: `populations` says who is counted. A choice that it cannot
show keeps its older figures. To know this, the participant keys behind what was shown are kept
beside the edition; they are random numbers, and no page reads them.
"""

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from random import Random, SystemRandom
from tempfile import NamedTemporaryFile
from typing import Any

from forum.activity.measures.record import people_in
from forum.activity.small_cells import in_words, told
from forum.research.figures import populations
from forum.research.figures.filters import PERIODS, Choice, windows
from forum.research.figures.populations import Counted
from forum.research.figures.registry import figures

EDITION, SHOWN, DRAWN = "edition.json", "shown.json", "drawn.json"
COUNTED = "counted.json"
LOTS = SystemRandom()


def renew(
    home: Path,
    snapshot: Path,
    begin: date,
    today: date,
    zone: str,
    groups: list[int],
    dice: Random = LOTS,
) -> None:
    """Make an edition from a snapshot's folder and keep it in the study's own folder.

    Lots are drawn from the system's randomness, which nobody can know, unless a test gives other
    `dice`.
    """
    looked_at = windows(begin, today, zone, groups)
    everybody = dict(zip(looked_at, people_in(snapshot, looked_at.values()), strict=True))
    counted, after = populations.choose(everybody, _counted_before(home), dice)
    edition = {
        key: shown
        for key, shown in _kept(home / EDITION, {}).items()
        if _choice(key).group in {0, *groups}
    }
    for choice, people in counted.items():
        window = looked_at[choice]
        edition[choice.key] = {
            "count": in_words(told(len(people))),
            "begin": window.begin.isoformat(),
            "days": window.days,
            "drawn_on": today.isoformat(),
            "figures": [asdict(figure) for figure in figures(snapshot, window, people)],
        }
    # The keys first: whatever happens between the two, nothing is shown that is not known as shown.
    _keep(home / SHOWN, sorted(sorted(keys) for keys in after.shown))
    last = {choice.key: sorted(keys) for choice, keys in after.last.items()}
    _keep(home / COUNTED, {"last": last, "resting": [sorted(keys) for keys in after.resting]})
    _keep(home / EDITION, edition)
    _keep(home / DRAWN, today.isoformat())


def _counted_before(home: Path) -> Counted:
    kept = _kept(home / COUNTED, {"last": {}, "resting": []})
    return Counted(
        shown=[frozenset(keys) for keys in _kept(home / SHOWN, [])],
        last={_choice(key): frozenset(keys) for key, keys in kept["last"].items()},
        resting=[frozenset(keys) for keys in kept["resting"]],
    )


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
