"""What a researcher's page shows is made once a week and kept, numbers only: an edition.

Pages read the kept edition and never the record, so no visit costs a computation, and two visits
cannot be set against each other. A new edition replaces an old one, choice by choice, only where
its people are the same or differ by at least 8: else whoever joined or left in between would show.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from forum.activity.small_cells import apart, in_words, told
from forum.research.choices import PERIODS, Choice, offered, people, windows
from forum.research.figures import figures

NAME = "edition.json"


def renew(
    home: Path, snapshot: Path, begin: date, today: date, zone: str, groups: list[int]
) -> None:
    """Make an edition from a snapshot's folder and keep it in the study's own folder.

    Choices whose people have changed by 1 to 7 keep what was shown before, until more have.
    """
    old = _kept(home)
    shown = {one: kept for one, kept in _read(old).items() if one.group in {0, *groups}}
    for choice, window in windows(begin, today, zone, groups).items():
        before, now = shown.get(choice), people(snapshot, window)
        if before is None or apart(frozenset(before["people"]), now):
            shown[choice] = {
                "people": sorted(now),
                "count": in_words(told(len(now))),
                "begin": window.begin.isoformat(),
                "days": window.days,
                "window": window,
            }
    populations = {choice: frozenset(kept["people"]) for choice, kept in shown.items()}
    allowed = offered(populations)
    for kept in shown.values():
        window = kept.pop("window", None)
        if window is not None:
            kept["figures"] = [asdict(figure) for figure in figures(snapshot, window)]
    _keep(home, {"made": today.isoformat(), "offered": _keys(allowed), "choices": _keyed(shown)})


def edition(home: Path, period: str, group: int) -> tuple[list[Choice], Choice, dict[str, Any]]:
    """Return the choices on offer, the one that was asked for or else the first, and what it shows.

    What it shows is empty before the first edition, and while there are too few people.
    """
    kept = _kept(home)
    choices = [_choice(key) for key in kept.get("offered", [])]
    asked = Choice(period, group)
    choice = asked if asked in choices else next(iter(choices), Choice())
    shown = kept["choices"][choice.key] if choices else {}
    return choices, choice, {name: value for name, value in shown.items() if name != "people"}


def _kept(home: Path) -> dict[str, Any]:
    file = home / NAME
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def _keep(home: Path, kept: dict[str, Any]) -> None:
    """Write an edition in one step; a full disk leaves the old one in its place."""
    home.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=home, suffix=".part", delete=False) as file:
        try:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(home / NAME)


def _read(kept: dict[str, Any]) -> dict[Choice, dict[str, Any]]:
    return {_choice(key): shown for key, shown in kept.get("choices", {}).items()}


def _keyed(shown: dict[Choice, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {choice.key: kept for choice, kept in shown.items()}


def _keys(choices: Iterable[Choice]) -> list[str]:
    return [choice.key for choice in choices]


def _choice(key: str) -> Choice:
    period, _, group = key.partition(".")
    return Choice(period if period in PERIODS else "all", int(group))
