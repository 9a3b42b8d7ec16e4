"""Everyone an announcement is for is told once, and nobody else; taken back, it is gone."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum import jobs
from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.background.jobs import job_types, runner
from forum.core.errors import Forbidden, Invalid, NotFound
from forum.groups import service as groups
from forum.notifications import queries as notifications
from forum.notifications.announcements import queries, service
from forum.notifications.types import announcement
from tests.support import factories as make

WORDS: dict[str, Any] = {
    "title": "We move house",
    "body": "On **Sunday** the forum is away for an hour.",
}


@pytest.fixture
def administrator(app: Flask) -> Viewer:
    """Return an administrator of a forum whose jobs run at once."""
    job_types.register(jobs.BACKGROUND_JOBS)
    return make.administrator()


def told(viewer: Viewer) -> list[str]:
    """Return the announcements of which somebody is notified."""
    db.release_session()
    return [one.about for one in notifications.lines(viewer) if one.type == "announcement"]


def announce(by: Viewer, **details: Any) -> int:
    """Announce something, and let everyone be told."""
    made = service.make(by, **{**WORDS, **details})
    runner.run(gently=False)
    db.release_session()
    return made


def test_everyone_is_told_once(administrator: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcement, "AT_ONCE", 2)
    people = [make.person() for _ in range(5)]
    announce(administrator)
    runner.run(gently=False)
    assert [told(one) for one in people] == [["Announcement: We move house"]] * 5


def test_only_those_it_is_for(administrator: Viewer) -> None:
    group = make.group()
    member, outsider, suspended = (make.person() for _ in range(3))
    for one in (member, suspended):
        make.join(one, group)
    until = clock.now().replace(year=clock.now().year + 1)
    accounts.suspend(suspended.id or 0, until=until, because="A rule was broken.")
    made = announce(administrator, group_id=group)
    assert [len(told(one)) for one in (member, outsider)] == [1, 0]
    assert queries.announcement_for(member, made).group
    for one in (outsider, suspended):
        with pytest.raises(NotFound):
            queries.announcement_for(one, made)
    groups.leave(member, group)
    db.release_session()
    assert told(member) == []
    with pytest.raises(NotFound):
        queries.announcement_for(member, made)


def test_taken_back_it_is_gone_and_nobody_more_is_told(administrator: Viewer) -> None:
    member = make.person()
    made = announce(administrator)
    service.take_back(administrator, made)
    service.take_back(administrator, made)
    db.release_session()
    assert told(member) == []
    with pytest.raises(NotFound):
        queries.announcement_for(member, made)
    again = service.make(administrator, **WORDS)
    service.take_back(administrator, again)
    runner.run(gently=False)
    assert told(member) == []


def test_only_administrators_announce(administrator: Viewer) -> None:
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    for verb in (lambda: service.make(moderator, **WORDS), lambda: service.take_back(moderator, 1)):
        with pytest.raises(Forbidden):
            verb()
    for wrong in ({"title": ""}, {"body": " "}, {"title": "a" * 101}, {"body": "a" * 5_001}):
        with pytest.raises(Invalid):
            service.make(administrator, **{**WORDS, **wrong})
    with pytest.raises(Invalid):
        service.make(administrator, **WORDS, group_id=999)
    with pytest.raises(NotFound):
        service.take_back(administrator, 999)


def test_the_page_shows_it_before_it_is_sent(administrator: Viewer, client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    member = make.person()
    make.log_in(client, administrator)
    assert 'href="/admin/announcements"' in client.get("/admin").text
    shown = client.post("/admin/announcements", data={**WORDS, "group": ""})
    assert "<strong>Sunday</strong>" in shown.text
    assert 'value="We move house"' in shown.text
    assert told(member) == []
    refused = client.post("/admin/announcements", data={**WORDS, "title": "x"})
    assert (refused.status_code, "On **Sunday**" in refused.text) == (422, True)
    client.post("/admin/announcements", data={**WORDS, "confirmed": "1"})
    runner.run(gently=False)
    assert len(told(member)) == 1
    make.log_in(client, member)
    assert "<strong>Sunday</strong>" in client.get("/announcements/1").text
    assert client.get("/admin").status_code == 403
