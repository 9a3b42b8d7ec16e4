"""Devices that take push messages: adding, listing, trying and removing them, at every door."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from forum.accounts import service as accounts
from forum.accounts.models import LoginSession
from forum.accounts.policy import Viewer
from forum.core import clock, web_push
from forum.core.db import current_session, release_session, transaction
from forum.core.web_push import configuration
from forum.core.web_push.configuration import Configuration
from forum.notifications.devices import queries, service
from forum.notifications.devices.models import PushDevice, PushReceipt
from forum.notifications.outbox import status
from tests.support import factories as make
from tests.support.servers.push_services import CONTACT, Browser, PushService, push_service

JSON = {"Accept": "application/json"}
PAGE, DEVICES = "/notifications/preferences", "/notifications/devices"
PHONE = "Mozilla/5.0 (Android 16; Mobile; rv:149.0) Gecko/149.0 Firefox/149.0"
PASSWORD = "seven lamps over quiet water"


@pytest.fixture
def pushes(app: Flask) -> Iterator[PushService]:
    """Return the push service that the forum uses."""
    app.config["WTF_CSRF_ENABLED"] = False
    with push_service() as running:
        yield running


@pytest.fixture
def me(pushes: PushService, client: FlaskClient) -> Viewer:
    """Return a member who is logged in, in `client`."""
    return make.log_in(client, make.person(password=PASSWORD))


def add(client: FlaskClient, browser: Browser) -> Any:
    """Ask as the script of the page does."""
    headers = {**JSON, "User-Agent": PHONE}
    return client.post(DEVICES, data=browser.subscription, headers=headers)


def test_a_device_is_added_listed_tried_and_removed(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    browser = pushes.browser()
    answer = add(client, browser)
    assert answer.status_code == 201
    device_id = answer.get_json()["id"]
    assert "Push messages are on for this device." in answer.text
    (listed,) = client.get(DEVICES, headers=JSON).get_json()["devices"]
    assert (listed["id"], listed["name"], listed["here"]) == (device_id, "Firefox on Android", True)
    page = client.get(PAGE).text
    assert "Firefox on Android" in page
    assert "This device" in page
    assert 'name="mentions-push"' in page
    assert client.get(PAGE, headers=JSON).get_json()["channels"] == ["in_app", "push"]
    tried = client.post(f"{DEVICES}/{device_id}/test")
    assert (tried.status_code, tried.headers["Location"]) == (303, f"{PAGE}#devices")
    (told,) = pushes.told(browser)
    assert (told["title"], told["address"]) == ("Something new in Common Thread", PAGE)
    assert told["device"] == device_id
    assert "Test sent" in client.get(PAGE).text
    removed = client.post(f"{DEVICES}/{device_id}/remove")
    assert removed.status_code == 303
    assert "Device removed" in client.get(PAGE).text
    assert client.get(DEVICES, headers=JSON).get_json()["devices"] == []


def test_of_what_a_browser_calls_itself_no_more_than_its_name_is_kept(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    add(client, pushes.browser())
    row = current_session().scalars(select(PushDevice)).one()
    kept = " ".join(str(getattr(row, column.key)) for column in PushDevice.__table__.columns)
    assert row.name == "Firefox on Android"
    assert "149" not in kept.replace(row.endpoint_digest, "").replace(row.p256dh, "")
    assert "Mozilla" not in kept


def test_the_same_browser_is_there_once(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    browser = pushes.browser()
    first = add(client, browser).get_json()["id"]
    assert add(client, browser).get_json()["id"] == first
    changed = pushes.browser()  # as browsers change their address now and then
    add(client, changed)
    assert len(queries.devices_of(me)) == 1


def test_who_logs_in_anew_in_a_browser_keeps_it_there(
    client: FlaskClient, app: Flask, pushes: PushService, me: Viewer
) -> None:
    browser = pushes.browser()
    add(client, browser)
    again = app.test_client()
    now = make.log_in(again, me)
    add(again, browser)
    assert [one.here for one in queries.devices_of(now)] == [True]
    accounts.log_out(me)
    assert len(queries.devices_of(now)) == 1


def test_a_browser_of_two_people_belongs_to_who_uses_it_last(
    client: FlaskClient, app: Flask, pushes: PushService, me: Viewer
) -> None:
    browser = pushes.browser()
    device_id = add(client, browser).get_json()["id"]
    make.log_in(others := app.test_client(), make.person())
    assert add(others, browser).status_code == 201
    assert queries.devices_of(me) == []
    assert client.get(f"{DEVICES}/{device_id}", headers=JSON).status_code == 404
    assert others.get(f"{DEVICES}/{device_id}", headers=JSON).status_code == 200


def test_a_browser_is_told_whether_a_message_is_for_who_uses_it(
    client: FlaskClient, app: Flask, pushes: PushService, me: Viewer
) -> None:
    device_id = add(client, pushes.browser()).get_json()["id"]
    address = f"{DEVICES}/{device_id}"
    assert client.get(address, headers=JSON).status_code == 200
    assert app.test_client().get(address, headers=JSON).status_code == 401
    client.post("/logout")
    assert client.get(address, headers=JSON).status_code == 401
    make.log_in(client, me)
    assert client.get(address, headers=JSON).status_code == 404  # it was forgotten


@pytest.mark.parametrize("way", ["logout", "remotely", "password", "suspended"])
def test_with_its_session_a_device_ends(
    client: FlaskClient, app: Flask, pushes: PushService, me: Viewer, way: str
) -> None:
    add(client, pushes.browser())
    other = make.log_in(app.test_client(), me)
    if way == "logout":
        client.post("/logout")
    elif way == "remotely":
        accounts.end_other_sessions(other)
    elif way == "password":
        accounts.change_password(other, PASSWORD, "nine lamps under loud water")
    else:
        accounts.suspend(me.id or 0, until=clock.now() + timedelta(days=1), because="Too much.")
    release_session()
    assert current_session().scalar(select(func.count()).select_from(PushDevice)) == 0


def test_another_sessions_end_leaves_a_device_alone(
    client: FlaskClient, app: Flask, pushes: PushService, me: Viewer
) -> None:
    add(client, pushes.browser())
    accounts.log_out(make.log_in(app.test_client(), me))
    assert len(queries.devices_of(me)) == 1


def test_a_session_that_nobody_used_for_long_takes_its_device_along(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    add(client, pushes.browser())
    with transaction() as session:
        session.get_one(LoginSession, me.session_id).seen_at -= timedelta(days=91)
    accounts.forget_old_sessions()
    release_session()
    assert current_session().scalars(select(PushDevice.id)).all() == []


def test_nobody_has_more_than_ten(app: Flask, pushes: PushService) -> None:
    viewer = make.person()
    clients = [app.test_client() for _ in range(service.DEVICES_MAX + 1)]
    for one in clients:
        make.log_in(one, viewer)
    answers = [add(one, pushes.browser()) for one in clients]
    assert [one.status_code for one in answers] == [201] * service.DEVICES_MAX + [409]
    assert answers[-1].get_json()["error"]["code"] == "too_many_devices"
    assert len(queries.devices_of(viewer)) == service.DEVICES_MAX


def test_what_is_no_subscription_is_refused(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    for changes, field in (
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "https://127.0.0.1/send/1"}, "endpoint"),
        ({"endpoint": "http://localhost/send/1"}, "endpoint"),
        ({"endpoint": "https://push.example.org/send/1"}, "endpoint"),
        ({"p256dh": ""}, "p256dh"),
        ({"p256dh": "BA" + "A" * 85}, "p256dh"),
        ({"auth": "short"}, "p256dh"),
    ):
        sent = {**pushes.browser().subscription, **changes}
        answer = client.post(DEVICES, data=sent, headers=JSON)
        assert answer.status_code == 422, changes
        assert list(answer.get_json()["error"]["fields"]) == [field]
    assert queries.devices_of(me) == []


def test_a_service_inside_the_forums_own_network_is_refused(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    before = configuration.current()
    configuration.use(Configuration(before.key, before.services, CONTACT))  # as it is in earnest
    assert add(client, pushes.browser()).status_code == 422


def test_a_test_to_a_device_that_is_gone_says_so_and_removes_it(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    browser = pushes.browser()
    device_id = add(client, browser).get_json()["id"]
    pushes.answer(browser, 410)
    answer = client.post(f"{DEVICES}/{device_id}/test")
    assert answer.status_code == 410
    assert "no longer takes push messages" in answer.text
    assert "Firefox on Android" not in answer.text
    assert client.post(f"{DEVICES}/{device_id}/test", headers=JSON).status_code == 404


def test_a_test_that_fails_says_so_where_it_was_asked_for(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    browser = pushes.browser()
    device_id = add(client, browser).get_json()["id"]
    pushes.answer(browser, 500)
    answer = client.post(f"{DEVICES}/{device_id}/test")
    assert answer.status_code == 503
    assert "could not be sent just now" in answer.text
    assert "Firefox on Android" in answer.text
    as_json = client.post(f"{DEVICES}/{device_id}/test", headers=JSON)
    assert as_json.get_json()["error"]["code"] == "not_sent"


def test_nobody_touches_the_device_of_another(
    client: FlaskClient, app: Flask, pushes: PushService, me: Viewer
) -> None:
    device_id = add(client, pushes.browser()).get_json()["id"]
    make.log_in(others := app.test_client(), make.person())
    for act in ("test", "remove"):
        assert others.post(f"{DEVICES}/{device_id}/{act}", headers=JSON).status_code == 404
    assert pushes.arrived == []
    assert len(queries.devices_of(me)) == 1


def test_without_push_there_is_nothing_to_turn_on(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    before = configuration.use(Configuration())
    try:
        page = client.get(PAGE).text
        assert "data-push" not in page
        assert "Push" not in page
        assert add(client, pushes.browser()).status_code == 404
        assert client.get(DEVICES, headers=JSON).get_json() == {"devices": [], "key": None}
    finally:
        configuration.use(before)


def test_with_another_key_of_the_forum_a_device_is_asked_anew(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    add(client, pushes.browser())
    before = configuration.current()
    key = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    configuration.use(Configuration(key, before.services, CONTACT, before.reachable))
    assert queries.devices_of(me) == []
    assert not web_push.public_key().startswith("BGsX")
    add(client, pushes.browser())  # and what nobody can use any more is forgotten
    assert current_session().scalar(select(func.count()).select_from(PushDevice)) == 1


def test_receipts_are_forgotten_when_nothing_is_tried_again(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    add(client, pushes.browser())
    (device,) = queries.devices_of(me)
    service.note_had(device.id, "old")
    service.note_had(device.id, "old")
    with transaction() as session:
        session.scalars(select(PushReceipt)).one().at -= timedelta(days=8)
    service.note_had(device.id, "new")
    service.forget_old()
    kept = current_session().scalars(select(PushReceipt.delivery_key)).all()
    assert kept == ["new"]
    service.note_had(device.id + 1, "of a device that is gone")


def test_the_operator_is_told_how_many_there_are(
    client: FlaskClient, pushes: PushService, me: Viewer
) -> None:
    device_id = add(client, pushes.browser()).get_json()["id"]
    client.post(f"{DEVICES}/{device_id}/test")
    told = dict(status.of_push())
    assert told["devices that take messages"] == 1
    assert told["of these, reached in the last 7 days"] == 1
    assert told["people with a device"] == 1
    assert told["waiting to be sent"] == 0
