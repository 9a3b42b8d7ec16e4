"""Whatever is registered as a measure can be had: in a figure, or in a table of a release."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from forum.activity.measures import panels, suppression
from forum.activity.measures.dose import DOSES
from forum.activity.measures.record import Record, Window, opened
from forum.activity.measures.registry import MEASURES, Measure
from forum.research.figures import participation
from forum.research.figures.registry import figures
from forum.research.releases.package.schema import Table
from forum.research.releases.tiers import aggregate
from tests.support.simulated import snapshot
from tests.support.study_records import BEGIN, event, person, written

WINDOW = Window(BEGIN.date(), 182)


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return snapshot(tmp_path_factory.mktemp("community"), 500, seed=11)


def rows(table: Table) -> list[dict[str, Any]]:
    return list(pa.Table.from_batches(list(table.batches())).to_pylist())


def test_every_measure_is_in_a_release_and_on_the_page(community: Path) -> None:
    tables = {one.name: rows(one) for one in aggregate.build(community, WINDOW, 1).tables}
    told = {row["measure"]: row for row in tables["measures"]}
    assert told.keys() == MEASURES.keys()
    assert {row["measure"] for row in tables["participation"]} == DOSES.keys()
    [shown] = [one for one in figures(community, WINDOW) if one.name == "measures"]
    assert {row[0] for row in shown.rows} == MEASURES.keys()
    for name, row in told.items():
        assert (row["value"] is None) == bool(row["why_empty"]), name
        assert row["definition"] == MEASURES[name].definition
    assert sum(row["value"] is not None for row in told.values()) > len(told) / 2


def test_every_panel_is_drawn_or_released(community: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, panel = set[str](), panels.panel

    def noted(record: Any, span: str) -> Any:
        asked.add(span)
        return panel(record, span)

    for module in (participation, panels):
        monkeypatch.setattr(module, "panel", noted)
    figures(community, WINDOW)
    aggregate.build(community, WINDOW, 1)
    assert asked == panels.SPANS.keys()


def test_a_release_measures_those_alone_who_share(tmp_path: Path) -> None:
    """Another's reply is no answer, and no post of theirs counts, if they share nothing."""
    everybody = range(1, 61)
    people = [person(key, share=key <= 40) for key in everybody]
    acts = [event("thread_started", key, 9, thread_id=key, post_id=key) for key in everybody]
    acts += [
        event("reply_posted", key % 60 + 1, 10, thread_id=key, post_id=100 + key)
        for key in everybody
    ]
    folder, window = written(tmp_path, people, acts), Window(BEGIN.date(), 28)
    told = {row["measure"]: row for row in rows(aggregate.build(folder, window, 1).tables[2])}
    # Of forty threads of those who share, one had its only reply from somebody who does not.
    assert told["reply_rate"]["why_empty"] == suppression.TOO_FEW
    with opened(folder, window) as record:
        assert suppression.tell(record, MEASURES["reply_rate"]).value == 0.99  # a step of 5 is 0.09


def test_nothing_is_told_that_stands_for_few_or_mostly_for_one(tmp_path: Path) -> None:
    people = [person(key) for key in range(1, 41)]
    of_seven = [event("reply_posted", key, 1, thread_id=1, post_id=key) for key in range(1, 8)]
    of_eight = [*of_seven, event("reply_posted", 8, 1, thread_id=1, post_id=8)]
    of_one = of_eight + [event("reply_posted", 9, 2, thread_id=1, post_id=n) for n in range(20, 60)]
    found = []
    for number, acts in enumerate((of_seven, of_eight, of_one)):
        folder = written(tmp_path / str(number), people, acts)
        with opened(folder, Window(BEGIN.date(), 28)) as record:
            found.append(suppression.tell(record, MEASURES["gini"]))
    assert [bool(one.why_not) for one in found] == [True, False, True]
    assert found[1].value == 0.8


@pytest.mark.parametrize(("silent", "told"), [(7, None), (8, 10), (32, 30), (33, None), (40, None)])
def test_a_count_is_told_only_where_those_outside_are_not_few_or_none(
    tmp_path: Path, silent: int, told: float | None
) -> None:
    people = [person(key) for key in range(1, 41)]
    acts = [event("reply_posted", key, 1, post_id=key) for key in range(silent + 1, 41)]
    with opened(written(tmp_path, people, acts), Window(BEGIN.date(), 28)) as record:
        assert suppression.tell(record, MEASURES["lurkers_no_posts"]).value == told


def test_adding_a_measure_is_one_entry(community: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def readers(record: Record) -> float | None:
        return record.number("SELECT count(*) FROM totals WHERE page_reads > 0")

    new = Measure("readers", "dose", 1, "people", "this test", "People who have read.", readers)
    monkeypatch.setitem(MEASURES, "readers", new)
    monkeypatch.setattr("forum.activity.measures.ORDER", [*MEASURES])
    [shown] = [one for one in figures(community, WINDOW) if one.name == "measures"]
    assert "readers" in json.dumps(shown.rows)
