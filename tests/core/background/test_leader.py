"""Periodic work of the whole site is done by one process, and by another when that one dies."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from forum.core import clock, db
from forum.core.background import leader, periodic
from forum.core.background.leader import Candidate
from forum.core.background.models import Lease

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _always_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let candidates ask the database each time, and not every few seconds."""
    monkeypatch.setattr(leader, "RENEW_EVERY_S", 0)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let that much time pass."""
    then = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: then)


def test_one_of_several_processes_leads() -> None:
    first, *others = (Candidate() for _ in range(3))
    for _ in range(2):
        assert first.is_leader()
        assert not any(other.is_leader() for other in others)


def test_another_leads_when_the_first_has_died(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Candidate(), Candidate()
    assert first.is_leader()
    later(monkeypatch, leader.LEASE - timedelta(seconds=1))
    assert not second.is_leader()
    later(monkeypatch, timedelta(seconds=2))
    assert second.is_leader()
    assert not first.is_leader()  # should it only have stood still


def test_a_living_leader_goes_on_leading(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Candidate(), Candidate()
    for _ in range(5):
        assert first.is_leader()
        assert not second.is_leader()
        later(monkeypatch, leader.LEASE - timedelta(seconds=1))


def test_another_leads_at_once_when_the_first_has_resigned() -> None:
    first, second = Candidate(), Candidate()
    assert first.is_leader()
    second.resign()  # which it cannot, and harms nobody
    assert not second.is_leader()
    first.resign()
    assert second.is_leader()
    assert not first.is_leader()


def test_the_database_is_asked_every_few_seconds_only(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "RENEW_EVERY_S", 60)
    first = Candidate()
    assert first.is_leader()
    with db.transaction() as session:
        session.execute(text("UPDATE leases SET holder = 'another'"))
    assert first.is_leader()


def test_a_lease_that_cannot_be_renewed_ends(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    first = Candidate()
    assert first.is_leader()

    def fail(*_: object) -> bool:
        raise OperationalError("UPDATE leases", {}, Exception("disk full"))

    monkeypatch.setattr(leader, "_take", fail)
    assert first.is_leader()
    assert "lease_not_renewed" in "".join(capfd.readouterr())
    later(monkeypatch, leader.LEASE)
    assert not first.is_leader()
    first.resign()


def test_only_the_leader_works(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(periodic, "every", lambda _seconds, _key, work, **_: work())
    for number in range(2):
        monkeypatch.setattr(leader, "_here", Candidate())
        leader.every(1, "work", partial(done.append, number))
    assert done == [0]
    assert len(db.current_session().scalars(select(Lease.holder)).all()) == 1
