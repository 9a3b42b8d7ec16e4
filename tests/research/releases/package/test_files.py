"""Releases as files: what is in them, and what must never be."""

import csv
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyreadstat
import pytest
from frictionless import validate
from pycanon import anonymity

from forum.activity.measures import suppression
from forum.activity.measures.measure import MEASURES
from forum.activity.small_cells import FEW_MOST, FEW_ON_EITHER_SIDE, STEP
from forum.core.errors import Invalid
from forum.research.releases.disclosure.attacks.attribute_inference import L
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger import released_profiles
from forum.research.releases.package import files
from forum.research.releases.package.schema import Release
from forum.research.releases.tiers import aggregate, event_level, microdata, panel
from tests.support.research import simulated, study_records
from tests.support.research.release_metadata import ABOUT, WINDOW
from tests.support.suite.thoroughness import EVERY_CASE

VISIBLE, HIDDEN = list(released_profiles.VISIBLE), list(released_profiles.HIDDEN)
Build = Callable[[Path], Release]
BUILDS: dict[str, Build] = {
    "aggregate": lambda folder: aggregate.build(folder, WINDOW, 7),
    "microdata": lambda folder: microdata.build(folder, WINDOW, 7),
    "panel": lambda folder: panel.build(folder, WINDOW, 7),
    "events": lambda folder: event_level.build(folder, WINDOW, 7, hours=1, key="a key of the test"),
}
tiers = pytest.mark.parametrize("tier", list(BUILDS))


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("thousand"), 1000)


@pytest.fixture(scope="module")
def written(thousand: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what gives the folder of each tier's release, which is written once."""

    @cache
    def of(tier: str) -> Path:
        folder = tmp_path_factory.mktemp("released") / tier
        files.write(folder, BUILDS[tier](thousand), ABOUT, spss=tier != "events")
        return folder

    return of


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as data:
        return list(csv.DictReader(data))


@tiers
def test_frictionless_accepts_the_package_and_the_checksums_agree(
    tier: str, written: Callable[[str], Path]
) -> None:
    folder = written(tier)
    report = validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["message"])
    lines = (folder / "CHECKSUMS").read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    there = {path.name for path in folder.iterdir()} - {"CHECKSUMS"}
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@tiers
def test_the_same_data_and_seed_give_the_same_bytes(
    tier: str, thousand: Path, written: Callable[[str], Path], tmp_path: Path
) -> None:
    one, two = written(tier), tmp_path / "two"
    files.write(two, BUILDS[tier](thousand), ABOUT, spss=tier != "events")
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in two.iterdir())
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes()


@tiers
def test_csv_and_parquet_say_the_same_and_the_codebook_names_every_column(
    tier: str, thousand: Path, written: Callable[[str], Path]
) -> None:
    folder = written(tier)
    codebook = (folder / "codebook.md").read_text()
    for table in BUILDS[tier](thousand).tables:
        plain = read(folder / f"{table.name}.csv")
        parquet = pq.read_table(folder / f"{table.name}.parquet")
        assert len(plain) == parquet.num_rows > 0
        assert parquet.column_names == list(plain[0]) == [field.name for field in table.fields]
        assert all(f"| {field.name} |" in codebook for field in table.fields)


def test_microdata_hide_everybody_as_pycanon_confirms(written: Callable[[str], Path]) -> None:
    data = pandas.read_csv(written("microdata") / "participants.csv", dtype=str)
    assert anonymity.k_anonymity(data, VISIBLE) >= K
    told = [name for name in HIDDEN if name in data]
    assert told
    for name in told:
        assert anonymity.l_diversity(data[data[name].notna()], VISIBLE, [name]) >= L


def test_a_hidden_value_shared_by_all_is_not_released(tmp_path: Path) -> None:
    people = [study_records.person(key) for key in range(40)]
    reads = [
        study_records.event(
            "thread_read", key, 1, seconds_low=60.0, seconds_high=60.0 + 3000 * (key % 4)
        )
        for key in range(40)
    ]
    folder = study_records.written(tmp_path / "alike", people, reads)
    release = microdata.build(folder, WINDOW, 1)
    assert release.findings["hidden_values_not_told"] == ["reading_minutes_low", "sessions"]
    assert [field.name for field in release.tables[0].fields][-1] == "reading_minutes_high"


def test_another_seed_gives_other_ids_and_another_order(thousand: Path) -> None:
    one, two = (
        pa.Table.from_batches(microdata.build(thousand, WINDOW, seed).tables[0].batches())
        for seed in (1, 2)
    )
    assert not set(one["id"].to_pylist()) & set(two["id"].to_pylist())
    assert one["posts"] != two["posts"]
    assert sorted(one["posts"].to_pylist()) == sorted(two["posts"].to_pylist())


def test_small_cells_are_empty_and_totals_are_sums_of_released_values(thousand: Path) -> None:
    people, acts, _ = BUILDS["aggregate"](thousand).tables
    cells = pa.Table.from_batches(people.batches()).to_pylist()
    released = [cell["people"] for cell in cells if cell["people"] is not None]
    assert min(released) > FEW_MOST
    assert all(count % STEP == 0 for count in released)
    for name in {cell["variable"] for cell in cells}:
        mine = [cell for cell in cells if cell["variable"] == name]
        bands = sum(cell["people"] or 0 for cell in mine if cell["band"] != "total")
        assert bands == next(cell["people"] or 0 for cell in mine if cell["band"] == "total")
    done = pa.Table.from_batches(acts.batches()).to_pylist()
    for measure in {row["measure"] for row in done}:
        months = [row for row in done if row["measure"] == measure]
        total = sum(row["amount"] or 0 for row in months if row["month"] is not None)
        assert total == next(row["amount"] or 0 for row in months if row["month"] is None)
        assert all(row["people"] != 5 for row in months)


@pytest.mark.parametrize("few", [0, 1, 10])
def test_fewer_than_eleven_get_no_microdata_and_the_reason(few: int, tmp_path: Path) -> None:
    people = [study_records.person(key) for key in range(few)]
    people += [study_records.person(100 + key, share=False) for key in range(50)]
    folder = study_records.written(tmp_path / "few", people, [])
    with pytest.raises(Invalid, match="Fewer than 11 people"):
        microdata.build(folder, WINDOW, 1)


def test_nothing_personal_is_in_a_release_of_very_many(tmp_path: Path) -> None:
    people = 100_000 if EVERY_CASE else 20_000
    folder = simulated.snapshot(tmp_path / "many", people, scale=0.1)
    for tier in ("aggregate", "microdata"):
        files.write(tmp_path / "release" / tier, BUILDS[tier](folder), ABOUT)
    keys = set(pq.read_table(folder / "participants.parquet")["participant"].to_pylist())
    allowed = re.compile(
        r"P\d{9}|yes|no|no or yes|total|-?\d+(\.\d+)?|\d+ to \d+|\d+ or more|\d{4} quarter \d|"
        r"\d{4} month \d+( to \d{4} month \d+)?|[a-z_]+[0-9]?|"
    )
    said_of_measures = {
        text for one in MEASURES.values() for text in (one.definition, one.source, one.unit)
    } | {suppression.TOO_FEW, suppression.NO_VALUE, f"{FEW_ON_EITHER_SIDE}."}
    for path in (tmp_path / "release").glob("*/*.csv"):
        text = path.read_text()
        assert not keys & {int(digits) for digits in re.findall(r"\d{10,}", text)}
        assert "@" not in text
        assert not re.search(r"\d:\d", text)  # no time of day
        strange = {
            value for line in read(path) for value in line.values() if not allowed.fullmatch(value)
        }
        assert not strange - said_of_measures


def test_events_have_no_internal_id_no_minute_and_nobody_who_does_not_share(
    thousand: Path, written: Callable[[str], Path]
) -> None:
    path = written("events") / "events-pseudonymous-personal-data.csv"
    data = read(path)
    assert all(line["at"].endswith(":00:00Z") for line in data)
    people = pq.read_table(thousand / "participants.parquet").to_pylist()
    text = path.read_text()
    assert not any(str(person["participant"]) in text for person in people)
    sharing = sum(person["share"] for person in people)
    assert len({line["participant"] for line in data}) == sharing
    ids = {line["participant"] for line in data}
    assert {line["previous_author"] for line in data} - {""} <= ids
    assert "PSEUDONYMOUS" in path.with_name("README-pseudonymous-personal-data.txt").read_text()


def test_words_and_minutes_of_events_are_right_on_average(
    thousand: Path, written: Callable[[str], Path]
) -> None:
    """Cut to tens, a fifth of all words was missing, and four posts of ten had none."""
    data = read(written("events") / "events-pseudonymous-personal-data.csv")
    sharing = pc.field("share")
    people = pq.read_table(thousand / "participants.parquet", filters=sharing)["participant"]
    truth = pq.read_table(thousand / "events.parquet", filters=pc.field("participant").isin(people))
    for name in ("words", "minutes_present"):
        released = sum(int(line[name]) for line in data if line[name])
        assert released == pytest.approx(pc.sum(truth[name]).as_py(), rel=0.02), name
    for line in data:
        assert not line["minutes_low"] or int(line["minutes_low"]) <= int(line["minutes_high"])


def test_a_new_key_gives_other_ids(thousand: Path) -> None:
    one, two = (
        pa.Table.from_batches(event_level.build(thousand, WINDOW, 7, hours=24).tables[0].batches())
        for _ in range(2)
    )
    assert not set(one["participant"].to_pylist()) & set(two["participant"].to_pylist())


def test_spss_reads_the_labels(written: Callable[[str], Path]) -> None:
    folder = written("microdata")
    data, about = pyreadstat.read_sav(folder / "participants.sav", output_format="dict")
    label = about.column_names_to_labels["posts"]
    assert label is not None
    assert label.startswith("Threads started and replies posted")
    plain = read(folder / "participants.csv")
    assert len(data["id"]) == len(plain)
    described = json.loads((folder / "datapackage.json").read_text())["resources"][0]["schema"]
    codebook = (folder / "codebook.md").read_text()
    for field in described["fields"][1:]:
        name, levels = field["name"], field["categories"]
        assert about.variable_measure[name] == "ordinal"
        assert about.variable_value_labels[name] == dict(enumerate(levels, start=1))
        said = [levels[int(number) - 1] for number in data[name]]
        assert said == [line[name] for line in plain]
        assert f"Levels of {name}, the least first: {'; '.join(levels)}." in codebook


def test_levels_are_in_order(written: Callable[[str], Path]) -> None:
    path = written("microdata") / "datapackage.json"
    fields = json.loads(path.read_text())["resources"][0]["schema"]["fields"]
    levels = {field["name"]: field.get("categories", []) for field in fields}
    for name in ("posts", "active_days", "reading_minutes_high"):
        numbers = [[int(each) for each in re.findall(r"\d+", level)] for level in levels[name]]
        assert [low for low, *_ in numbers] == sorted(low for low, *_ in numbers)
        assert len(levels[name]) == len(set(levels[name])) > 3
    assert levels["id"] == []


def test_the_report_compares_attacks_with_guessing(thousand: Path, tmp_path: Path) -> None:
    release = BUILDS["microdata"](thousand)
    loud = dataclasses.replace(release, findings={**release.findings, "left_out_share": 0.2})
    files.write(tmp_path / "release", loud, ABOUT)
    report = json.loads((tmp_path / "release" / "disclosure.json").read_text())
    assert [each["attack"] for each in report["attacks"]] == [
        "four known points",
        "posts and their lengths",
        "reactions",
        "attendance of meetings",
        "the order of joining",
        "everything visible",
        "everything visible, and what follows from it",
        "everything visible, pooled by friends who strike out their own rows",
    ]
    assert all(each["rate"] <= each["upper"] <= report["limit"] for each in report["attacks"])
    assert report["findings"]["information_kept"] > 0.4
    assert set(report["findings"]["error_of_a_logistic_slope"]) >= {"posts", "active_days"}
    page = (tmp_path / "release" / "disclosure.html").read_text()
    assert '<p class="loud">Up to 20&nbsp;%' in page
