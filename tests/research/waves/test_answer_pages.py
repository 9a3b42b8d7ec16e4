"""The pages of a participant: length first, page by page, help at once, and two clicks to stop."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import db
from forum.moderation.queue_items.models import CONTACT_REQUEST, QueueItem
from tests.support import factories
from tests.support.research import wave_world
from tests.support.research.wave_world import WaveWorld

JSON = {"Accept": "application/json"}


@pytest.fixture
def world(app: Flask) -> WaveWorld:
    app.config["WTF_CSRF_ENABLED"] = False
    return wave_world.study(background=True)


@pytest.fixture
def ash(world: WaveWorld, client: FlaskClient) -> Viewer:
    return factories.log_in(client, world.member())


def page(number: int, value: str = "1", **others: str) -> dict[str, str]:
    """Return a form of PHQ-9, whose items are on pages 3 to 5 after those about oneself."""
    items = {3: range(1, 6), 4: range(6, 10), 5: range(10, 11)}[number]
    return {f"phq-9.{item}": value for item in items} | others


def test_length_first_then_page_by_page(world: WaveWorld, ash: Viewer, client: FlaskClient) -> None:
    where = f"/studies/{world.room.slug}/questionnaires"
    assert f'href="{where}"' in client.get(f"/studies/{world.room.slug}").text
    assert "16 questions, about 3 minutes" in client.get(where).text
    begin = client.get(f"{where}/0").text
    assert "16 questions, about 3 minutes" in begin
    assert f'href="{where}/0/1"' in begin
    first = client.get(f"{where}/0/1").text
    assert " checked" not in first
    assert first.count("I&#39;d rather not say") == first.count("<fieldset") == 5
    missing = client.post(f"{where}/0/1", data={"background.age": "2"})
    assert missing.status_code == 422
    assert missing.text.count('class="error"') == 4
    assert re.search(r'name="background.age"\s+type="radio" value="2"\s+checked', missing.text)
    own = {"background.gender_words.words": "Woman", "background.gender": "declined"}
    rest = {"background.work": "1", "background.care": "1"}
    gone_on = client.post(f"{where}/0/1", data=own | rest)
    assert gone_on.headers["Location"] == f"{where}/0/2"
    assert "Go on where you stopped" in client.get(f"{where}/0").text
    assert f'href="{where}/0/2"' in client.get(f"{where}/0").text
    back = client.post(f"{where}/0/2", data={"background.since": "1", "go": "back"})
    assert back.headers["Location"] == f"{where}/0/1"
    assert 'value="Woman"' in client.get(f"{where}/0/1").text
    stop = client.post(f"{where}/0/3", data={"phq-9.1": "0", "go": "stop"})
    assert stop.headers["Location"] == where
    client.post(f"{where}/0/4", data=page(4, "0"))
    client.post(f"{where}/0/5", data=page(5, "0"))  # the last page leads back to what is open
    done = client.post(f"{where}/0/3", data=page(3, "0"))
    assert done.headers["Location"] == f"{where}/0"
    thanks = client.get(f"{where}/0").text
    assert "Thank you" in thanks
    assert "score" not in thanks.lower()
    again = client.post(f"{where}/0/3", data=page(3))
    assert (again.status_code, "already finished" in again.text) == (409, True)
    assert client.get(f"{where}/0/3").headers["Location"] == f"{where}/0"


def test_help_comes_at_once_and_nobody_is_told(
    world: WaveWorld, ash: Viewer, client: FlaskClient
) -> None:
    where = f"/studies/{world.room.slug}/questionnaires/0"
    saved = client.post(f"{where}/4", data={"phq-9.9": "1"})  # three items are still open there
    assert saved.headers["Location"].startswith(f"{where}/help")
    shown = client.get(saved.headers["Location"]).text
    for words in ("In danger right now", "Tell a facilitator", "Go on", "Stop for today", "tel:"):
        assert words in shown
    assert db.current_session().scalars(select(QueueItem)).all() == []
    db.release_session()
    group = world.room.group_id
    assert client.post(f"{where}/contact", data={"group": group}).status_code == 303
    item = db.current_session().scalars(select(QueueItem)).one()
    assert (item.kind, item.group_id, item.about_id) == (CONTACT_REQUEST, group, ash.id)
    db.release_session()
    for other in (world.room.other_id, 999, "x"):  # the other group is not in the study
        assert client.post(f"{where}/contact", data={"group": other}).status_code == 404


@pytest.mark.parametrize("role", ["facilitator", "moderator"])
def test_who_moderates_sees_that_somebody_asks_for_contact(
    world: WaveWorld, ash: Viewer, client: FlaskClient, app: Flask, role: str
) -> None:
    client.post(
        f"/studies/{world.room.slug}/questionnaires/0/contact", data={"group": world.room.group_id}
    )
    helper = factories.join(factories.person(), world.room.group_id, role)
    desk = app.test_client()
    factories.log_in(desk, helper)
    item_id = db.current_session().scalars(select(QueueItem.id)).one()
    db.release_session()
    queue = desk.get("/moderation").text
    assert "asks a facilitator for contact" in queue
    assert desk.get(f"/moderation/queue/{item_id}").status_code == 200


def test_not_this_time_and_later(world: WaveWorld, ash: Viewer, client: FlaskClient) -> None:
    where = f"/studies/{world.room.slug}/questionnaires/0"
    assert client.post(f"{where}/snooze", data={"days": "2"}).status_code == 422
    assert client.post(f"{where}/snooze", data={"days": "3"}).status_code == 303
    assert client.post(f"{where}/decline").status_code == 303
    assert "You&#39;ve skipped this one" in client.get(where).text
    assert client.post(f"{where}/snooze", data={"days": "3"}).status_code == 409


def test_a_program_is_answered_in_json(world: WaveWorld, ash: Viewer, client: FlaskClient) -> None:
    where = f"/studies/{world.room.slug}/questionnaires/0"
    half = client.post(f"{where}/3", data={"phq-9.1": "1"}, headers=JSON)
    assert set(half.get_json()["error"]["fields"]) == {f"phq-9.{n}" for n in (2, 3, 4, 5)}
    full = client.post(f"{where}/4", data=page(4, "0"), headers=JSON).get_json()
    assert (full["needs_help"], full["completed"]) == (False, False)
    wrong = client.post(f"{where}/4", data={"phq-9.6": "soon"}, headers=JSON)
    assert wrong.status_code == 422


def test_pages_that_are_not_there(world: WaveWorld, ash: Viewer, client: FlaskClient) -> None:
    where = f"/studies/{world.room.slug}/questionnaires"
    for address in ("9", "0/9", "0/0", "9/1", "9/help"):
        assert client.get(f"{where}/{address}").status_code == 404
    assert client.get(f"{where}/1/1").headers["Location"] == f"{where}/1"
    assert "It opens on" in client.get(f"{where}/1").text


def test_own_answers_are_in_the_download(
    world: WaveWorld, ash: Viewer, client: FlaskClient
) -> None:
    world.answer(ash)
    held = client.get(f"/studies/{world.room.slug}/held").get_json()
    answers = {(one["instrument_id"], one["item_id"]): one for one in held["answers"]}
    assert len(answers) == 16
    assert answers["background", "gender_words"]["words"] == "Woman"
    assert answers["phq-9", "1"]["value"] == 1
    assert answers["phq-9", "9"]["value"] == 0
