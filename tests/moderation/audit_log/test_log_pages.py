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
from forum.moderation.audit_log.queries import ONLY_ACCESSES, WITH_ACCESSES, LogFilter
from forum.moderation.models import AccessLogEntry, AuditLogEntry
from tests.support import factories as make
from tests.support.databases.query_plans import asked_by, steps

EACH = 12  # actions, and looks; three of a kind at each moment, and numbers that both have


def furnished(group: int, by: Viewer) -> None:
    """Write actions and looks into the log of a group."""
    began = clock.now() - timedelta(days=1)
    told: list[dict[str, Any]] = [
        {
            "by_id": by.id,
            "group_id": group,
            "target_kind": "post",
            "target_id": number,
            "at": began + timedelta(hours=number // 3),
        }
        for number in range(EACH)
    ]
    with db.transaction() as session:
        session.execute(insert(AuditLogEntry), [row | {"action": "hide"} for row in told])
        looked = {"reason": "hidden", "hour": 1}
        session.execute(insert(AccessLogEntry), [row | looked for row in told])


@pytest.fixture
def moderator(app: Flask) -> Viewer:
    group = make.group()
    made = make.join(make.person(), group, "moderator")
    furnished(group, made)
    return made


@pytest.mark.parametrize("looks", ["", ONLY_ACCESSES, WITH_ACCESSES])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_pages_together_hold_each_row_once(moderator: Viewer, looks: str, most: int) -> None:
    wanted = LogFilter(accesses=looks)
    whole = [(row.action, row.id) for row in log.find(moderator, wanted, most=100)]
    assert len(whole) == (2 * EACH if looks == WITH_ACCESSES else EACH)
    paged: list[Any] = []
    while len(rows := log.find(moderator, wanted, behind=behind(paged), most=most)) > most:
        paged += rows[:most]
    assert [(row.action, row.id) for row in (*paged, *rows)] == whole


def behind(rows: list[Any]) -> log.LogPosition | None:
    """Return the place behind which the next page begins."""
    return log.position_of(rows[-1]) if rows else None


def test_a_file_is_made_of_all_its_pieces(
    moderator: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_export, "ROWS_AT_ONCE", 5)
    pieces = list(csv_export.as_csv(moderator, LogFilter(accesses=WITH_ACCESSES)))
    assert len(pieces) > 2 * EACH // 5
    assert len(b"".join(pieces).splitlines()) == 1 + 2 * EACH


@pytest.mark.parametrize("looks", ["", ONLY_ACCESSES, WITH_ACCESSES])
def test_earlier_actions_are_found_behind_the_last_row(
    app: Flask, moderator: Viewer, monkeypatch: pytest.MonkeyPatch, looks: str
) -> None:
    monkeypatch.setattr(log, "ROWS_A_PAGE", 7)
    monkeypatch.setattr(log.find, "__kwdefaults__", {"behind": None, "most": 7})
    client = app.test_client()
    make.log_in(client, moderator)
    shown: list[str] = []
    address = f"/moderation/log?accesses={looks}"
    while address:
        page = client.get(address).text
        shown += re.findall(r'<li class="card stack" id="((?:action|access)-\d+)"', page)
        link = re.search(r'href="(/moderation/log\?[^"]*behind=[^"]*)"', page)
        address = link[1].replace("&amp;", "&") if link else ""
    assert len(shown) == len(set(shown)) == (2 * EACH if looks == WITH_ACCESSES else EACH)


def test_the_position_of_a_row_is_given_to_people_who_see_it(app: Flask, moderator: Viewer) -> None:
    row = log.find(moderator, LogFilter())[0]
    elsewhere = make.join(make.person(), make.group(), "moderator")
    assert log.position_named(moderator, f"action-{row.id}") == log.position_of(row)
    assert log.position_named(elsewhere, f"action-{row.id}") is None
    for nonsense in (
        "",
        "action-",
        "action-0",
        "action-x",
        f"action-{ROW_MAX + 1}",
        "action-99999",
        "post-1",
        "-",
    ):
        assert log.position_named(moderator, nonsense) is None


@pytest.mark.parametrize("looks", ["", ONLY_ACCESSES, WITH_ACCESSES])
def test_a_page_far_behind_sorts_and_passes_over_nothing(moderator: Viewer, looks: str) -> None:
    """What is sorted is what two pages hold, where actions and looks come together."""
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans small tables otherwise")
    last = log.find(moderator, LogFilter(accesses=looks), most=100)[-3]
    (asked,) = (
        one
        for one in asked_by(
            lambda: log.find(moderator, LogFilter(accesses=looks), behind=log.position_of(last))
        )
        if "_log_entries" in one and " LIMIT " in one
    )
    assert "OFFSET" not in asked.upper().replace("OFFSET 0", "")
    plan = steps(asked)
    index = "ix_access_log_entries_at" if looks else "ix_audit_log_entries_at"
    assert any(f"USING INDEX {index} (at<?)" in step for step in plan), plan
    sorts = [step for step in plan if step == "USE TEMP B-TREE FOR ORDER BY"]
    assert len(sorts) == (looks == WITH_ACCESSES), plan
