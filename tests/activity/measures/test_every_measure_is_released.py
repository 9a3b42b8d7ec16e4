"""Whatever is registered as a measure can be had: in a figure, or in a table of a release."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from forum.activity import measures
from forum.activity.measures import definitions, panels, suppression
from forum.activity.measures.measure import MEASURES
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.research.figures import participation
from forum.research.figures.registry import FIGURES, figures
from forum.research.releases.participant_profiles import attributes
from forum.research.releases.tiers import aggregate, microdata, panel
from tests.support.research.release_tables import columns, rows
from tests.support.research.simulated import snapshot
from tests.support.research.study_records import BEGIN, event, person, written

WINDOW = Window(BEGIN.date(), 182)


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return snapshot(tmp_path_factory.mktemp("community"), 500, seed=11)


def test_every_measure_is_one_file_that_is_named_after_it() -> None:
    files = Path(definitions.__path__[0]).glob("*/*.py")
    found = {(path.parent.name, path.stem) for path in files if path.stem != "__init__"}
    assert found == {(one.construct, one.name) for one in MEASURES.values()}


def test_every_measure_can_be_had(community: Path) -> None:
    tables = {one.name: one for one in aggregate.build(community, WINDOW, 1).tables}
    told = {row["measure"]: row for row in rows(tables["measures"])}
    assert told.keys() == measures.study_measures().keys()
    [shown] = [one for one in figures(community, WINDOW) if one.name == "measures"]
    assert {row[0] for row in shown.rows} == told.keys()
    for name, row in told.items():
        assert (row["value"] is None) == bool(row["why_empty"]), name
        assert row["definition"] == MEASURES[name].definition
    assert sum(row["value"] is not None for row in told.values()) > len(told) / 2
    [participants] = microdata.build(community, WINDOW, 1).tables
    summed = {row["measure"] for row in rows(tables["participation"])}
    assert summed | columns(participants) >= measures.person_measures().keys()


def test_figures_and_releases_tell_of_no_other_measure(community: Path) -> None:
    drawn = {name for names in FIGURES.values() for name in names}
    assert drawn <= MEASURES.keys()
    assert len(FIGURES) == len(figures(community, WINDOW))
    [participants] = microdata.build(community, WINDOW, 1).tables
    [history] = panel.build(community, WINDOW, 1).tables
    tables = {one.name: one for one in aggregate.build(community, WINDOW, 1).tables}
    bands = {row["variable"] for row in rows(tables["people"])}
    summed = {row["measure"] for row in rows(tables["participation"])}
    about_a_person = {"id", "period", "observed", *attributes.DEFINITIONS}
    told = columns(participants) | columns(history) | bands | summed
    assert told - about_a_person <= measures.person_measures().keys()
    for field in (*participants.fields, *history.fields):
        if one := measures.person_measures().get(field.name):
            assert field.definition.startswith(one.definition)
            assert (field.version, field.source) == (one.version, one.source)


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
    # Of forty threads of people who share, one had its only reply from a person who does not.
    assert told["reply_rate"]["why_empty"] == suppression.TOO_FEW
    with opened(folder, window) as record:
        assert (
            suppression.suppressed(record, measures.study_measures()["reply_rate"]).value == 0.99
        )  # a step of 5 is 0.09


def test_nothing_is_released_that_is_of_few_or_mostly_of_one(tmp_path: Path) -> None:
    people = [person(key) for key in range(1, 41)]
    of_seven = [event("reply_posted", key, 1, thread_id=1, post_id=key) for key in range(1, 8)]
    of_eight = [*of_seven, event("reply_posted", 8, 1, thread_id=1, post_id=8)]
    of_one = of_eight + [event("reply_posted", 9, 2, thread_id=1, post_id=n) for n in range(20, 60)]
    found = []
    for number, acts in enumerate((of_seven, of_eight, of_one)):
        folder = written(tmp_path / str(number), people, acts)
        with opened(folder, Window(BEGIN.date(), 28)) as record:
            found.append(suppression.suppressed(record, measures.study_measures()["gini"]))
    assert [bool(one.reason) for one in found] == [True, False, True]
    assert found[1].value == 0.8


@pytest.mark.parametrize(("silent", "told"), [(7, None), (8, 10), (32, 30), (33, None), (40, None)])
def test_a_count_is_released_only_where_people_outside_are_not_few_or_none(
    tmp_path: Path, silent: int, told: float | None
) -> None:
    people = [person(key) for key in range(1, 41)]
    acts = [event("reply_posted", key, 1, post_id=key) for key in range(silent + 1, 41)]
    with opened(written(tmp_path, people, acts), Window(BEGIN.date(), 28)) as record:
        assert (
            suppression.suppressed(record, measures.study_measures()["lurkers_no_posts"]).value
            == told
        )


NEW_MEASURE = """
enter(
    PersonMeasure(
        name="long_posts", construct="contributions", version=1, unit="posts", source="this test",
        definition="Posts of 100 words or more.", sql=count_of(f"{POSTED} AND words >= 100"),
        bands=Bands((0, 1, 2, 5, 10), (0, 1, 5)), period_bands=PeriodBands((0, 1, 3), (0, 1), 1.0),
        noise_bound=5,
    )
)
@study_measure("reading", "people", "this test")
def readers(record):
    \"\"\"People who have read.\"\"\"
    return record.number("SELECT count(*) FROM totals WHERE page_reads > 0")
"""
TELL = """
import json, sys
from datetime import date
from pathlib import Path
from forum.activity import measures
from forum.activity.measures.event_conditions import POSTED, count_of
from forum.activity.measures.measure import *
exec(sys.argv[2])
from forum.activity.measures import measures_documentation
from forum.research.figures.registry import figures
from forum.research.releases.disclosure.differential_privacy import noise_guide as noise
from forum.research.releases.tiers import aggregate, microdata, panel
from tests.support.research.release_tables import columns, rows
from forum.activity.measures.study_record import Window
folder, WINDOW = Path(sys.argv[1]), Window(date(2026, 1, 5), 182)
plain, noisy = (aggregate.build(folder, WINDOW, 1, epsilon=each) for each in (None, 1.0))
people, summed, whole = (rows(table) for table in plain.tables)
print(json.dumps({
    "bands": [row["variable"] for row in people],
    "sums": [row["measure"] for row in summed],
    "sums with noise": [row["measure"] for row in rows(noisy.tables[1])],
    "measures": [row["measure"] for row in whole],
    "microdata": [*columns(microdata.build(folder, WINDOW, 1).tables[0])],
    "panel": [*columns(panel.build(folder, WINDOW, 1).tables[0])],
    "page": str([figure.rows for figure in figures(folder, WINDOW)]),
    "guide": measures_documentation.definitions(),
    "guide to noise": noise.table(),
}))
"""


def test_adding_a_measure_is_one_file(community: Path) -> None:
    """It is entered where its file is read, before anything that is made from the measures."""
    command = [sys.executable, "-c", TELL, str(community), NEW_MEASURE]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    of_everybody = {"measures", "page", "guide", "guide to noise"}
    of_one_person = told.keys() - {"measures", "page"}
    assert {where for where in told if "readers" in told[where]} == of_everybody
    assert {where for where in told if "long_posts" in told[where]} == of_one_person
