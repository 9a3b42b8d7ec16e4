"""The catalogue and its document, the snapshot, and random histories of consent."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from forum.activity import catalogue, record_writer
from forum.core import clock
from forum.research import service
from forum.research.recording import study_snapshot
from tests.support import factories
from tests.support.research import study_world
from tests.support.suite.thoroughness import examples

STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["agree", "keep", "erase", "post", "contact"])),
    min_size=5,
    max_size=14,
)


def test_a_field_or_kind_outside_the_catalogue_cannot_be_stored() -> None:
    for kind, fields in (("thread_read", {"words": 3}), ("signed_in", {"ip": "x"}), ("seen", {})):
        with pytest.raises(ValueError, match="catalogue"):
            record_writer.event_row(kind, clock.now(), 1, 1, **fields)


def test_the_document_is_that_of_the_catalogue() -> None:
    assert Path("docs/data-catalogue.md").read_text() == catalogue.document()


def test_the_snapshot_holds_the_record(app: Flask, tmp_path: Path) -> None:
    room, beside = study_world.study(), study_world.study("beside")
    ash, wren = room.member(), room.member()
    factories.join(ash, beside.group_id)
    beside.agree(ash)
    room.agree(ash, "record", "share")
    room.agree(wren)
    factories.post(wren, factories.thread(ash, room.group_id).thread_id)
    service.withdraw(wren, room.slug, erase=False)
    study_snapshot.write(room.study_id, tmp_path)
    events = parquet.read_table(tmp_path / "events.parquet").to_pylist()
    expected = [*room.rows(ash), *room.rows(wren)]
    assert len(expected) < len(room.rows())
    kept = [{name: row[name] for name in events[0]} for row in expected]
    assert sorted(events, key=str) == sorted(kept, key=str)
    people = parquet.read_table(tmp_path / "participants.parquet").to_pylist()
    assert sorted(row["share"] for row in people) == [False, True]
    assert sum(row["left_at"] is None for row in people) == 1
    assert {row["groups"] for row in people} == {1}
    assert sorted(path.name for path in tmp_path.glob("*.par*")) == [
        "events.parquet",
        "participants.parquet",
    ]


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_row_without_the_consent_that_permits_it(
    app: Flask, steps: list[tuple[int, str]]
) -> None:
    room = study_world.study(f"study-{factories.group()}")
    people = [room.member(), room.member()]
    agreed, posted = [False, False], [0, 0]
    place = factories.thread(room.member(), room.group_id)
    for who, step in steps:
        person = people[who]
        if step == "agree":
            room.agree(person)
            agreed[who] = True
        elif step == "contact":
            room.agree(person, "contact")
            agreed[who] = False
        elif step == "post":
            factories.post(person, place.thread_id)
            posted[who] += agreed[who]
        else:
            service.withdraw(person, room.slug, erase=step == "erase")
            agreed[who], posted[who] = False, 0 if step == "erase" else posted[who]
    for who, person in enumerate(people):
        if person_rows := room.kinds(person) if any(posted) or any(agreed) else []:
            assert person_rows.count("reply_posted") == posted[who]
