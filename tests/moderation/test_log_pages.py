"""Pages of a long log: together all of it, each as quick as the first, telling of no other rows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.ids import ROW_MAX
from forum.moderation.audit_log import csv_export
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import ONLY_LOOKS, WITH_LOOKS, Sought
from forum.moderation.models import LogRow, Look
from tests.core.test_query_plans import asked_by, steps
from tests.support import factories as make

EACH = 12  # acts, and looks; three of a kind at each moment, and numbers that both have


def furnished(group: int, by: Viewer) -> None:
    """Write acts and looks into the log of a group."""
    began = clock.now() - timedelta(days=1)
    told: list[dict[str, Any]] = [
        {"by_id": by.id, "group_id": group, "subject_kind": "post", "subject_id": number,
         "at": began + timedelta(hours=number // 3)}
        for number in range(EACH)
    ]  # fmt: skip
    with db.transaction() as session:
        session.execute(insert(LogRow), [row | {"act": "hide"} for row in told])
        looked = {"what": "hidden", "hour": 1}
        session.execute(insert(Look), [row | looked for row in told])


@pytest.fixture
def moderator(app: Flask) -> Viewer:
    group = make.group()
    made = make.join(make.person(), group, "moderator")
    furnished(group, made)
    return made


@pytest.mark.parametrize("looks", ["", ONLY_LOOKS, WITH_LOOKS])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_pages_together_hold_each_row_once(moderator: Viewer, looks: str, most: int) -> None:
    sought = Sought(looks=looks)
    whole = [(row.act, row.id) for row in log.found(moderator, sought, most=100)]
    assert len(whole) == (2 * EACH if looks == WITH_LOOKS else EACH)
    paged: list[Any] = []
    while len(rows := log.found(moderator, sought, behind=behind(paged), most=most)) > most:
        paged += rows[:most]
    assert [(row.act, row.id) for row in (*paged, *rows)] == whole


def behind(rows: list[Any]) -> log.Place | None:
    """Return the place behind which the next page begins."""
    return log.place_of(rows[-1]) if rows else None


def test_a_file_is_made_of_all_its_pieces(
    moderator: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_export, "ROWS_AT_ONCE", 5)
    pieces = list(csv_export.as_csv(moderator, Sought(looks=WITH_LOOKS)))
    assert len(pieces) > 2 * EACH // 5
    assert len(b"".join(pieces).splitlines()) == 1 + 2 * EACH


@pytest.mark.parametrize("looks", ["", ONLY_LOOKS, WITH_LOOKS])
def test_earlier_acts_are_found_behind_the_last_row(
    app: Flask, moderator: Viewer, monkeypatch: pytest.MonkeyPatch, looks: str
) -> None:
    monkeypatch.setattr(log, "ROWS_A_PAGE", 7)
    monkeypatch.setattr(log.found, "__kwdefaults__", {"behind": None, "most": 7})
    client = app.test_client()
    make.log_in(client, moderator)
    shown: list[str] = []
    address = f"/moderation/log?looks={looks}"
    while address:
        page = client.get(address).text
        shown += re.findall(r'<li class="card stack" id="((?:act|look)-\d+)"', page)
        link = re.search(r'href="(/moderation/log\?[^"]*behind=[^"]*)"', page)
        address = link[1].replace("&amp;", "&") if link else ""
    assert len(shown) == len(set(shown)) == (2 * EACH if looks == WITH_LOOKS else EACH)


def test_the_place_of_a_row_is_told_to_those_who_see_it(app: Flask, moderator: Viewer) -> None:
    row = log.found(moderator, Sought())[0]
    elsewhere = make.join(make.person(), make.group(), "moderator")
    assert log.place_named(moderator, f"act-{row.id}") == log.place_of(row)
    assert log.place_named(elsewhere, f"act-{row.id}") is None
    for nonsense in (
        "",
        "act-",
        "act-0",
        "act-x",
        f"act-{ROW_MAX + 1}",
        "act-99999",
        "post-1",
        "-",
    ):
        assert log.place_named(moderator, nonsense) is None


@pytest.mark.parametrize("looks", ["", ONLY_LOOKS, WITH_LOOKS])
def test_a_page_far_behind_sorts_and_passes_over_nothing(moderator: Viewer, looks: str) -> None:
    """What is sorted is what two pages hold, where acts and looks come together."""
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans small tables otherwise")
    last = log.found(moderator, Sought(looks=looks), most=100)[-3]
    (asked,) = (
        one
        for one in asked_by(
            lambda: log.found(moderator, Sought(looks=looks), behind=log.place_of(last))
        )
        if "moderation_l" in one and " LIMIT " in one
    )
    assert "OFFSET" not in asked.upper().replace("OFFSET 0", "")
    plan = steps(asked)
    index = "ix_moderation_looks_at" if looks else "ix_moderation_log_at"
    assert any(f"USING INDEX {index} (at<?)" in step for step in plan), plan
    sorts = [step for step in plan if step == "USE TEMP B-TREE FOR ORDER BY"]
    assert len(sorts) == (looks == WITH_LOOKS), plan
