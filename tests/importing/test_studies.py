"""`forum import` of a community's past with a study: acts at their own time, under consent."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.activity.models import ActivityEvent
from forum.core import db
from forum.research import queries, service
from forum.research.models import Consent
from forum.research.recording import study_snapshot
from forum.research.releases.ledger import linkage_keys
from tests.support.importing.import_lines import AGREED, PEOPLE, SAID, STUDY, load
from tests.support.research.partial_installs import WITHOUT_STUDIES


def recorded(handle: str) -> list[tuple[str, date]]:
    """Return what is recorded of somebody, with the day of each act."""
    key = queries.participant_key(
        accounts.account_id_of(handle) or 0, queries.study_at("nights").id
    )
    db.release_session()
    found = (
        select(ActivityEvent.kind, ActivityEvent.at)
        .where(ActivityEvent.participant == key)
        .order_by(ActivityEvent.at)
    )
    rows = [(row.kind, row.at.date()) for row in db.current_session().execute(found)]
    db.release_session()
    return rows


BRINDLE = [
    ("group_joined", date(2024, 1, 3)),
    ("thread_started", date(2024, 1, 20)),
    ("consent_given", date(2024, 3, 1)),
    ("reply_posted", date(2024, 3, 5)),
    ("reaction_given", date(2024, 3, 6)),
]
OSIER = [("consent_given", date(2024, 2, 20)), ("reaction_received", date(2024, 3, 6))]


@pytest.mark.parametrize(
    "parts", list(permutations([[STUDY, *AGREED], SAID])), ids=["before", "after"]
)
def test_acts_are_recorded_at_their_own_time_wherever_the_consents_stand(
    app: Flask, parts: list[list[dict[str, Any]]]
) -> None:
    _, reasons = load([*PEOPLE, *(line for part in parts for line in part)])
    assert not reasons
    assert recorded("brindle") == BRINDLE
    assert recorded("osier") == OSIER


def test_twice_is_once_also_for_what_is_recorded(app: Flask) -> None:
    lines = [*PEOPLE, STUDY, *AGREED, *SAID]
    load(lines)
    report, reasons = load(lines)
    assert not reasons
    assert not report.added
    assert report.already.total() == len(lines)
    assert recorded("brindle") == BRINDLE
    assert recorded("osier") == OSIER


def test_the_clause_to_be_followed_comes_only_to_a_study_that_asks(app: Flask) -> None:
    wanted = AGREED[1] | {"clauses": ["record", "share", "linkage"]}
    _, reasons = load([*PEOPLE, STUDY | {"slug": "days"}, wanted | {"study": "days"}])
    assert len(reasons) == 1
    load([*PEOPLE, STUDY | {"linkage": True}, wanted, AGREED[0]])
    db.release_session()
    assert queries.study_at("nights").linkage
    assert linkage_keys.agreeing_participants("nights") == {
        queries.participant_key(accounts.account_id_of("osier") or 0, queries.study_at("nights").id)
    }


def test_a_later_import_is_recorded_under_the_consents_that_are_there(app: Flask) -> None:
    load([*PEOPLE, STUDY, *AGREED, *SAID])
    more = {"type": "post", "thread": "t", "author": "osier", "body": "Still", "ref": "r"}
    _, reasons = load(
        [
            more | {"created_at": "2024-02-10"},
            more | {"ref": "s", "created_at": "2024-04-02"},
        ]
    )
    assert not reasons
    assert recorded("osier") == [*OSIER, ("reply_posted", date(2024, 4, 2))]
    rows = (
        select(ActivityEvent.previous_author, Consent.given_at)
        .join(Consent, Consent.id == ActivityEvent.consent_id)
        .where(ActivityEvent.kind == "reply_posted")
        .order_by(ActivityEvent.at)
    )
    early, late = db.current_session().execute(rows)
    assert early.previous_author is None  # of what osier wrote before agreeing nothing is recorded
    assert late.previous_author == key_of("brindle")
    assert late.given_at == datetime(2024, 2, 20, tzinfo=UTC)


def key_of(handle: str) -> int | None:
    return queries.participant_key(
        accounts.account_id_of(handle) or 0, queries.study_at("nights").id
    )


def test_figures_and_releases_begin_when_the_study_opened(app: Flask, tmp_path: Path) -> None:
    load([*PEOPLE, STUDY, *AGREED, *SAID])
    study = queries.study_at("nights")
    assert study.opened_at == datetime(2024, 2, 1, tzinfo=UTC)
    study_snapshot.write(study.id, tmp_path)
    with opened(tmp_path, Window(study.opened_at.date(), 60)) as record:
        done = record.base.execute("SELECT kind FROM acts").fetchall()
    kinds = {kind for (kind,) in done}
    assert "reply_posted" in kinds
    assert "thread_started" not in kinds  # it was before, and stays in the record alone


def test_a_study_counts_days_in_the_time_zone_that_it_comes_with(
    app: Flask, tmp_path: Path
) -> None:
    """Brindle wrote at midnight UTC on 5 March, when it was the evening before in New York."""
    load([*PEOPLE, STUDY | {"zone": "America/New_York"}, *AGREED, *SAID])
    study = queries.study_at("nights")
    assert study.zone == "America/New_York"
    study_snapshot.write(study.id, tmp_path)
    with opened(tmp_path, Window(date(2024, 2, 1), 60, study.zone)) as record:
        days = record.base.execute(
            "SELECT day FROM acts WHERE kind = 'reply_posted' ORDER BY day"
        ).fetchall()
    assert days == [(32,)]


REFUSED: dict[str, dict[str, Any]] = {
    "There is no group": STUDY | {"slug": "other", "groups": ["nowhere"]},
    "must be a list": STUDY | {"slug": "other", "groups": "after-dark"},
    "must be text": STUDY | {"slug": "other", "groups": [7]},
    "small letters": STUDY | {"slug": "No Slug"},
    "There is no such time zone": STUDY | {"slug": "other", "zone": "Mars/Base"},
    "“document” is missing": {k: v for k, v in STUDY.items() if k != "document"},
    "“opened_at” is in the future": STUDY | {"slug": "other", "opened_at": "2999-01-01"},
    "There is no study": AGREED[0] | {"study": "nothing"},
    "There is no member": AGREED[0] | {"handle": "who-is-it"},
    "There is no clause": AGREED[0] | {"clauses": ["record", "sell"]},
    "must also agree to be recorded": AGREED[0] | {"clauses": ["share"]},
    "before the study opened": AGREED[0] | {"at": "2024-01-31"},
    "in none of the groups": AGREED[0] | {"handle": "teasel"},
    "“at” is not a date": AGREED[0] | {"at": "on Monday"},
}


def test_what_cannot_be_taken_is_refused_by_line(app: Flask) -> None:
    base = [*PEOPLE, {"type": "member", "handle": "teasel"}, STUDY]
    _, reasons = load([*base, *REFUSED.values()])
    assert len(reasons) == len(REFUSED)
    for number, words in enumerate(REFUSED, len(base) + 1):
        assert words in reasons[number]
    assert [row.slug for row in queries.studies()] == ["nights"]


def test_a_study_without_a_moment_is_planned_and_nobody_can_have_agreed(app: Flask) -> None:
    planned = {name: value for name, value in STUDY.items() if name != "opened_at"}
    _, reasons = load([*PEOPLE, planned, AGREED[0]])
    assert list(reasons) == [len(PEOPLE) + 2]
    assert [(row.slug, row.state) for row in queries.studies()] == [("nights", "planned")]


@pytest.mark.parametrize("erase", [True, False])
def test_a_second_import_restores_no_withdrawn_consent(app: Flask, erase: bool) -> None:
    lines = [*PEOPLE, STUDY, *AGREED, *SAID]
    load(lines)
    osier = accounts.viewer(accounts.account_id_of("osier") or 0)
    assert osier
    service.withdraw(osier, "nights", erase=erase)
    _, reasons = load(lines)
    assert bool(reasons) == erase
    assert all("people now decide" in reason for reason in reasons.values())
    key = key_of("osier")
    assert (key is None) == erase
    assert key is None or queries.current_consent(key) is None


TAKEN_OUT = (
    WITHOUT_STUDIES.split("from forum.app")[0]
    + """
import io, json, sys as system
from forum.app import create_app
from forum.cli import importing as cli
from forum.importing.loading import load_lines
from forum.settings.environment import from_environment
from forum.server.checks import prepare_database

prepare_database(from_environment())
create_app(from_environment())
reasons = {}
report = load_lines(cli.numbered(io.BytesIO(system.stdin.buffer.read())), reasons.__setitem__)
print(json.dumps([dict(report.added), reasons]))
"""
)


def test_without_studies_the_rest_is_taken_and_these_lines_are_refused(tmp_path: Path) -> None:
    lines = [*PEOPLE, STUDY, *AGREED, *SAID]
    run = subprocess.run(
        [sys.executable, "-c", TAKEN_OUT],
        env={**os.environ, "FORUM_INSTANCE": str(tmp_path)},
        input="\n".join(map(json.dumps, lines)),
        capture_output=True,
        text=True,
        check=False,
        cwd=os.getcwd(),
    )
    assert run.returncode == 0, run.stderr
    added, reasons = json.loads(run.stdout.splitlines()[-1])
    assert sum(added.values()) == len(PEOPLE) + len(SAID)
    assert len(reasons) == 3
    assert all("has no studies" in reason for reason in reasons.values())
