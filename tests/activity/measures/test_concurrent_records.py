"""Records that are open in one process know nothing of each other, nor of an error before."""

from pathlib import Path

import duckdb
import pytest

from forum.activity.measures.panels import keep_panel
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Record, Window
from tests.support.research.study_records import BEGIN, event, person, written

WINDOW = Window(BEGIN.date(), 56)


def of_people(folder: Path, people: int) -> Path:
    acts = [event("thread_started", key, 1, thread_id=key, post_id=key) for key in range(people)]
    return written(folder, map(person, range(people)), acts)


def counted(record: Record) -> list[int]:
    asked = ("people", "totals", "writing", "acts", "kept WHERE posts > 0")
    return [record.row(f"SELECT count(*) FROM {each}")[0] for each in asked]


def test_each_has_tables_and_panels_of_its_own(tmp_path: Path) -> None:
    one, other = of_people(tmp_path / "one", 3), of_people(tmp_path / "other", 5)
    with opened(one, WINDOW) as first, opened(other, WINDOW, only=range(4)) as second:
        for record in (first, second):
            keep_panel(record, "monthly", "kept")
        assert (counted(first), counted(second)) == ([3] * 5, [4] * 5)
    with opened(one, WINDOW) as again:
        keep_panel(again, "monthly", "kept")
        assert counted(again) == [3] * 5


def test_after_an_error_others_go_on_and_new_ones_open(tmp_path: Path) -> None:
    folder = of_people(tmp_path, 3)
    with opened(folder, WINDOW) as going_on:
        with pytest.raises(duckdb.Error), opened(folder, WINDOW) as failing:
            failing.row("SELECT nothing FROM nowhere")
        keep_panel(going_on, "monthly", "kept")
        assert counted(going_on) == [3] * 5
    with opened(folder, WINDOW) as record:
        assert record.row("SELECT count(*) FROM people") == (3,)
