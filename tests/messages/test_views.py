"""The pages of private messages: by form, by JSON, and what each says when it refuses."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.identity import public_ids
from forum.core.web import private_ids
from forum.messages import queries
from forum.messages.requests import service as requests
from tests.support import factories
from tests.support.worlds.conversation_world import ConversationWorld

JSON = {"Accept": "application/json"}


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return a group of people who may write to each other."""
    app.config["WTF_CSRF_ENABLED"] = False
    return ConversationWorld(app)


def browser(world: ConversationWorld, name: str) -> FlaskClient:
    client = world.app.test_client()
    factories.log_in(client, world[name])
    return client


def at(conversation_id: int) -> str:
    return f"/messages/{private_ids.of(conversation_id)}"


def form(body: str, **fields: str) -> dict[str, str]:
    return {"body": body, "idempotency_key": uuid4().hex, **fields}


def test_from_a_profile_to_an_answer_without_scripts(world: ConversationWorld) -> None:
    wren, robin = (browser(world, name) for name in ("wren", "robin"))
    profile = wren.get(f"/members/{public_ids.of(world.id_of('robin'))}").text
    (ask,) = re.findall(r'href="(/members/\w+/message)"', profile)
    assert "Send the request" in wren.get(ask).text
    refused = wren.post(ask, data=form("a" * 501))
    assert refused.status_code == 422
    assert "a" * 501 in refused.text
    sent = wren.post(ask, data=form("Could we talk?"), follow_redirects=True)
    assert "Your request is waiting" in sent.text
    assert "Could we talk?" in robin.get("/messages").text
    there = at(queries.conversations(world["robin"])[0].id)
    page = robin.get(there).text
    assert "would like to talk with you" in page
    assert " hidden>" in page.split("data-composer")[1][:200]
    accepted = robin.post(f"{there}/accept", follow_redirects=True).text
    assert "You can write to each other now." in accepted
    answered = robin.post(f"{there}/messages", data=form("Yes, **gladly**"), follow_redirects=True)
    assert "<strong>gladly</strong>" in answered.text
    page = wren.get(there).text
    assert page.count("<article") == 2
    assert ", unread" in page
    assert wren.get(ask).status_code == 302  # to the conversation
    assert wren.get(f"{there}/2").headers["Location"].endswith("#message-2")


def test_programs_are_answered_alike(world: ConversationWorld) -> None:
    there = world.open()
    wren, robin = (browser(world, name) for name in ("wren", "robin"))
    answer = wren.post(f"{at(there)}/messages", data=form("Hello", content_note="x"), headers=JSON)
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["id"], told["number"]) == (2, 2)
    assert "Hello" in told["html"]
    page = robin.get(at(there), headers=JSON).get_json()
    assert [one["number"] for one in page["messages"]] == [1, 2]
    assert page["messages"][1]["html"] == told["html"]
    refused = wren.post(f"{at(there)}/messages", data=form(""), headers=JSON)
    assert refused.status_code == 422
    assert "body" in refused.get_json()["error"]["fields"]
    listed = robin.get("/messages", headers=JSON).get_json()["conversations"]
    assert [one["other"] for one in listed] == ["wren"]


def test_nothing_typed_is_lost_when_it_is_too_long(world: ConversationWorld) -> None:
    there = world.open()
    long = "b" * 10_000
    answer = browser(world, "wren").post(f"{at(there)}/messages", data=form(long))
    assert answer.status_code == 422
    assert long in answer.text
    assert "too long" in answer.text.lower() or "characters" in answer.text


def test_a_preview_and_a_draft(world: ConversationWorld) -> None:
    there, wren = world.open(), browser(world, "wren")
    preview = wren.post(f"{at(there)}/messages", data=form("**bold**", preview="1")).text
    assert "<strong>bold</strong>" in preview
    assert world.numbers(there, "robin") == [1]
    assert wren.post(f"{at(there)}/draft", data={"body": "So far"}, headers=JSON).status_code == 200
    assert "So far" in wren.get(at(there)).text
    assert "So far" not in browser(world, "robin").get(at(there)).text


def test_form_warnings_are_for_the_writer_alone(world: ConversationWorld) -> None:
    there, wren = world.open(), browser(world, "wren")
    back = wren.post(f"{at(there)}/messages", data=form("Call me on 07700 900123", ask_first="1"))
    assert "Not sent yet" in back.text
    assert world.numbers(there, "robin") == [1]
    sent = wren.post(
        f"{at(there)}/messages",
        data=form("I want to kill myself", ask_first="1"),
        follow_redirects=True,
    )
    assert 'href="/help-now"' in sent.text.split("<main")[1]
    assert world.numbers(there, "robin") == [1, 2]
    boss = factories.administrator()
    client = world.app.test_client()
    factories.log_in(client, boss)
    waiting = client.get("/moderation", headers=JSON).get_json()["items"]
    assert "crisis_alert" not in {item["kind"] for item in waiting}


def test_editing_deleting_reacting(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, "wren", "First")
    wren, robin = (browser(world, name) for name in ("wren", "robin"))
    place = f"{at(there)}/{number}"
    assert "First" in wren.get(f"{place}/edit").text
    assert robin.get(f"{place}/edit").status_code == 403
    edited = wren.post(f"{place}/edit", data={"body": "Second"}, follow_redirects=True).text
    assert "Second" in edited
    assert "edited" in edited
    for reaction in ("hug", "hug"):
        answer = robin.post(f"{place}/reactions", data={"kind": reaction}, headers=JSON)
        assert answer.status_code == 200
    assert "Delete for both" in wren.get(f"{place}/delete").text
    assert "Delete for both" not in robin.get(f"{place}/delete").text
    robin.post(f"{place}/delete", data={"for_both": "0"})
    assert robin.get(place).status_code == 404
    assert wren.get(place).status_code == 302
    wren.post(f"{place}/delete", data={"for_both": "1"})
    assert "was deleted" in wren.get(at(there)).text


def test_the_last_messages_are_on_the_page_and_earlier_ones_a_link_away(
    world: ConversationWorld,
) -> None:
    there = world.open()
    for _message in range(50):
        world.send(there)
    page = browser(world, "robin").get(at(there)).text
    assert page.count("<article") == 50
    assert "?before=2" in page
    assert 'id="message-1"' in browser(world, "robin").get(f"{at(there)}?before=2").text


def test_pages_say_why_one_cannot_write(world: ConversationWorld) -> None:
    there = world.open()
    requests.leave(world["robin"], there)
    page = browser(world, "wren").get(at(there)).text
    assert "You can&#39;t write here at the moment" in page
    assert "Ask to talk again" in page
    new = world.member("newcomer", newcomer=True)
    client = browser(world, "newcomer")
    person = f"/members/{public_ids.of(world.id_of('wren'))}"
    assert "Write to" not in client.get(person).text
    assert "here for a week" in client.get(f"{person}/message").text
    refused = client.post(f"{person}/message", data=form("Hello"), headers=JSON)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "newcomer")
    assert new.id


def test_nobody_and_who_has_blocked_one_answer_alike(world: ConversationWorld) -> None:
    from forum.accounts import service as accounts

    there = world.open()
    accounts.block(world["robin"], world.id_of("wren"))
    client = browser(world, "wren")
    blocked, nobody = public_ids.of(world.id_of("robin")), "0123456789abcdef"
    for method, path in (
        ("GET", "/members/{}/message"),
        ("POST", "/members/{}/message"),
    ):
        answers = [
            client.open(path.format(person), method=method, data=form("x"), headers=JSON)
            for person in (blocked, nobody)
        ]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].data == answers[1].data
    for end in ("", "/1", "/leave"):
        answers = [
            client.get(f"/messages/{private_ids.of(each)}{end}", headers=JSON)
            for each in (there, 999)
        ]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].data == answers[1].data
    assert client.get("/messages", headers=JSON).get_json()["conversations"] == []


def test_moderators_and_administrators_find_no_words(world: ConversationWorld) -> None:
    there = world.open()
    world.send(there, "wren", "unmistakablewords")
    world.member("lead", "moderator")
    world.people["boss"] = factories.join(factories.administrator("boss"), world.group)
    for name in ("lead", "boss"):
        client = browser(world, name)
        places = ("/messages", at(there), f"{at(there)}/2", "/", "/moderation", "/notifications")
        for path in places:
            assert "unmistakablewords" not in client.get(path).text
        person = client.get(f"/members/{public_ids.of(world.id_of('wren'))}").text
        assert "unmistakablewords" not in person
        assert '/message"' not in person


def test_a_page_of_a_conversation_asks_few_questions(world: ConversationWorld) -> None:
    from tests.support.databases.query_counts import executed_statements

    there = world.open()
    for _message in range(30):
        world.send(there)
    client = browser(world, "robin")
    client.get(at(there))
    with executed_statements() as asked:
        client.get(at(there))
    assert len(asked) <= 14, asked
