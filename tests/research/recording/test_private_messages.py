"""A study counts private messages, by consent: never to whom, and none from before it said so."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.activity.models import ActivityEvent
from forum.core import db
from forum.core.db import transaction
from forum.research.completeness import completeness_check
from forum.research.consent import consent_checks
from forum.research.models import Consent
from tests.support.research.reading_world import MovedClock, moved_clock  # noqa: F401 - a fixture
from tests.support.research.recorded_world import world


def rows() -> list[ActivityEvent]:
    db.release_session()
    found = select(ActivityEvent).where(ActivityEvent.kind == "private_message_sent")
    return list(db.current_session().scalars(found))


def test_each_message_is_one_row_that_says_nothing_more(app: Flask, hands: MovedClock) -> None:
    here = world(hands)
    here.do(0, "message")
    assert rows() == []
    here.do(0, "agree_past")
    assert rows() == []  # none of before, whatever the past includes
    for who in (0, 1, 0):
        here.do(who, "message")
    recorded = rows()
    assert len(recorded) == 2
    assert len({row.participant for row in recorded}) == 1
    told = {
        name
        for row in recorded
        for name, value in vars(row).items()
        if value is not None and not name.startswith("_")
    }
    assert told == {"id", "at", "kind", "participant", "consent_id"}
    here.do(0, "keep")
    here.do(0, "message")
    assert len(rows()) == 2
    assert list(completeness_check.findings()) == []


def test_a_consent_from_before_it_said_so_does_not_cover_them(
    app: Flask, hands: MovedClock
) -> None:
    here = world(hands)
    here.do(0, "agree")
    with transaction() as session:
        session.execute(update(Consent).values(private_messages=False))
    here.do(0, "message")
    assert rows() == []
    assert list(completeness_check.findings()) == []


def test_one_that_was_lost_is_named(
    app: Flask, hands: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    here = world(hands)
    here.do(0, "agree")
    with monkeypatch.context() as patch:
        patch.setattr(consent_checks, "permits_for_private_message", fail)
        here.do(0, "message")
    here.do(0, "message")
    assert len(rows()) == 1
    assert [one.words for one in completeness_check.findings()] == [
        "a private message is not recorded"
    ]
