"""Whole histories of a panel, and whether they hide everybody in them."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from forum.activity.measures.study_record import Window
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.package.schema import Release
from forum.research.releases.tiers import panel
from tests.support.research import simulated

WINDOW = Window(date(2026, 1, 5), 182)
History = tuple[tuple[str, ...], ...]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("study"), 300)


@pytest.fixture(scope="module")
def plain(study: Path) -> Release:
    return panel.build(study, WINDOW, 1)


def histories(release: Release) -> dict[str, History]:
    """Return all that the rows of each id say, in order."""
    found = defaultdict[str, list[tuple[str, ...]]](list)
    for row in pa.Table.from_batches(release.tables[0].batches()).to_pylist():
        found[row.pop("id")].append(tuple(str(each) for each in row.values()))
    return {key: tuple(rows) for key, rows in found.items()}


def assert_hidden(release: Release) -> None:
    alike = Counter(histories(release).values())
    required = release.findings["alike_required"]
    assert isinstance(required, int)
    assert min(alike.values()) >= required
    assert required >= K
    assert alike.total() == len(release.participants)
