"""Choosing what one is told: the page, its refusals, and that every choice has its effect."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock
from forum.core.errors import Invalid, LoginNeeded
from forum.groups import service as groups
from forum.notifications import queries as notifications
from forum.notifications.preferences import queries, service
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.worlds.outbox_world import Readers

JSON = {"Accept": "application/json"}
PAGE = "/notifications/preferences"


@pytest.fixture
def reader(app: Flask) -> Viewer:
    """Return a member who has one unread line about a thread."""
    app.config["WTF_CSRF_ENABLED"] = False
    group = make.group()
    me, other = (make.join(make.person(), group) for _ in range(2))
    make.post(other, make.thread(me, group).thread_id)
    return me


@pytest.fixture
def browser(app: Flask, reader: Viewer) -> FlaskClient:
    """Return their browser."""
    make.log_in(client := app.test_client(), reader)
    return client


def unread(viewer: Viewer) -> tuple[int, int]:
    """Return what the badge counts, and how many lines the list has."""
    return notification_badge.unread(viewer.id or 0), len(notifications.lines(viewer))


def test_the_page_says_what_there_is_to_choose_and_keeps_it(browser: FlaskClient) -> None:
    page = browser.get(PAGE).text
    assert 'name="replies-in_app"' in page
    assert "replies-email" not in page
    assert "Work that waits for you as a moderator" not in page
    form = {"quiet_from": "22:00", "quiet_until": "07:30", "zone": "Europe/Dublin"}
    answer = browser.post(PAGE, data={**form, "replies-email": "weekly"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    kept = browser.get(PAGE, headers=JSON).get_json()
    assert {name: kept[name] for name in form} == form
    assert kept["choices"]["replies"]["email"] == "weekly"
    assert kept["choices"]["mentions"]["email"] == "at_once"


def test_what_a_form_leaves_out_stays_and_defaults_are_not_kept(reader: Viewer) -> None:
    service.save(reader, {"replies-email": "never", "digest_hour": "20"})
    service.save(reader, {"mentions-push": "never"})
    chosen = queries.chosen_by(reader)
    assert (chosen["replies", "email"], chosen["mentions", "push"]) == ("never", "never")
    assert queries.settings_of(reader).digest_hour == 20


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"replies-email": "hourly"}, "replies-email"),
        ({"reactions-email": "at_once"}, "reactions-email"),
        ({"replies-in_app": "daily"}, "replies-in_app"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": "22:00", "quiet_until": ""}, "quiet_until"),
        ({"digest_day": "7"}, "digest_day"),
        ({"digest_hour": "24"}, "digest_hour"),
        ({"shows_details": "yes"}, "shows_details"),
    ],
)
def test_nonsense_is_refused_by_its_field(
    browser: FlaskClient, reader: Viewer, form: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.save(reader, form)
    assert list(refusal.value.fields) == [field]
    answer = browser.post(PAGE, data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_never_here_means_no_line_and_no_badge(reader: Viewer) -> None:
    assert unread(reader) == (1, 1)
    service.save(reader, {"replies-in_app": "never"})
    assert unread(reader) == (0, 0)
    service.save(reader, {"replies-in_app": "at_once"})
    assert unread(reader) == (0, 1)  # what was done without is not waiting on the way back


def test_the_safety_of_an_account_is_always_shown(reader: Viewer, browser: FlaskClient) -> None:
    service.save(reader, {"security-in_app": "never"})
    assert queries.chosen_by(reader)["security", "in_app"] == "at_once"
    assert 'name="security-in_app"' not in browser.get(PAGE).text


def test_in_a_break_nothing_is_counted_and_all_is_there_afterwards(
    browser: FlaskClient, reader: Viewer
) -> None:
    until = (clock.now() + timedelta(days=5)).date()
    answer = browser.post("/notifications/break", data={"break_until": until.isoformat()})
    assert answer.status_code == 303
    assert unread(reader) == (0, 1)
    assert "End my break now" in browser.get(PAGE).text
    assert browser.get(PAGE, headers=JSON).get_json()["break_until"].startswith(str(until))
    assert browser.post("/notifications/break/end", headers=JSON).status_code == 200
    assert unread(reader) == (1, 1)


def test_a_break_ends_by_itself(reader: Viewer) -> None:
    Readers.set(reader, break_until=clock.now() + timedelta(minutes=1))
    assert unread(reader) == (0, 1)
    Readers.set(reader, break_until=clock.now())
    assert unread(reader) == (1, 1)
    assert not queries.settings_of(reader).on_break


@pytest.mark.parametrize("until", ["", "soon", "2026-01-01", "2099-01-01"])
def test_a_break_needs_a_day_in_the_next_year(browser: FlaskClient, until: str) -> None:
    answer = browser.post("/notifications/break", data={"break_until": until})
    assert answer.status_code == 422
    assert 'id="break_until-error"' in answer.text


def test_a_break_begins_and_ends_by_the_readers_own_day(
    reader: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, 12, 30, tzinfo=UTC))
    service.save(reader, {"zone": "Pacific/Auckland"})  # where it is the second already
    with pytest.raises(Invalid):
        service.take_break(reader, "2026-12-02")
    service.take_break(reader, "2026-12-03")
    assert queries.settings_of(reader).break_until == datetime(2026, 12, 2, 11, tzinfo=UTC)


def test_moderators_are_asked_about_their_work(app: Flask) -> None:
    moderator = make.join(make.person(), make.group(), "moderator")
    names = [choice.name for choice in queries.choices_of(moderator)]
    assert {"duties", "alarms"} <= set(names)
    assert "research" not in names


def test_visitors_are_asked_to_log_in(app: Flask, client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 401
    with pytest.raises(LoginNeeded):
        service.save(VISITOR, {})
    with pytest.raises(LoginNeeded):
        service.take_break(VISITOR, "2026-12-24")
    with pytest.raises(LoginNeeded):
        service.end_break(VISITOR)


def test_who_leaves_a_group_and_comes_back_watches_it_as_everybody_does(app: Flask) -> None:
    group = make.group(slug="sleepless")
    me = make.join(make.person(), group)
    service.watch_group(me, "sleepless", "all")
    groups.leave(me, group)
    make.join(me, group)
    (watched,) = queries.watched_groups(me)
    assert watched.level == "mine"


def test_notices_of_the_safety_of_the_account_change_with_the_password_alone(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    me, browser = make.person(password="violet harbour lantern"), app.test_client()
    make.log_in(browser, me)
    form = {"security-email": "never", "replies-email": "weekly"}
    page = browser.post(PAGE, data=form)
    assert page.status_code == 422
    assert 'type="password"' in page.text
    assert "password" in browser.post(PAGE, data=form, headers=JSON).get_json()["error"]["fields"]
    assert browser.post(PAGE, data={**form, "password": "wrong"}).status_code == 422
    before = queries.chosen_by(me)
    assert (before["security", "email"], before["replies", "email"]) == ("at_once", "daily")
    browser.post(PAGE, data={**form, "password": "violet harbour lantern"})
    after = queries.chosen_by(me)
    assert (after["security", "email"], after["replies", "email"]) == ("never", "weekly")
    assert 'type="password"' not in browser.get(PAGE).text
    assert browser.post(PAGE, data={**form, "replies-email": "daily"}).status_code == 303
