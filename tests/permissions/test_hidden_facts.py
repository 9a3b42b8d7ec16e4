"""Who must not learn what: readers in a thread, hidden groups of a study, titles, care messages."""

import re

import pytest
from flask import Flask

from forum.accounts import queries
from forum.accounts import service as accounts
from forum.accounts.identity import public_ids
from forum.core import db
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.core.realtime.socket_events import socketio
from forum.groups import service as groups
from forum.privacy.personal_data import PERSONAL_DATA
from forum.research import queries as research
from forum.research.studies import planning
from forum.safety import service as safety
from forum.threads import service as threads
from forum.threads.models import Thread
from tests.support import factories
from tests.support.permissions.hidden_worlds import STUDY
from tests.support.worlds.account_forms import JSON, PASSWORD, post_form


def test_only_members_see_who_reads_and_are_seen(app: Flask) -> None:
    group = factories.group(readable_by_all=True)
    wren, robin = (factories.join(factories.person(name), group) for name in ("wren", "robin"))
    thread = factories.thread(wren, group).thread_id
    present = {}
    for name, person in (
        ("robin", robin),
        ("outsider", factories.person("passing")),
        ("wren", wren),
    ):
        client = app.test_client()
        factories.log_in(client, person)
        socket = socketio.test_client(app, flask_test_client=client)
        where = {"thread_id": thread, "after": 0}
        present[name] = socket.emit("thread:join", where, callback=True)["present"]
    visitor = socketio.test_client(app)
    assert visitor.emit("thread:join", where, callback=True)["present"] == []
    assert present == {"robin": [], "outsider": [], "wren": ["robin"]}


def test_a_study_names_no_group_that_the_reader_may_not_know_of(app: Flask) -> None:
    shown, hidden = (
        factories.group(name="Shown"),
        factories.group(name="Cellar", visibility="hidden"),
    )
    study = planning.create_study("evenings", group_ids=[shown, hidden], **STUDY)
    planning.open_study(study)
    reader = factories.join(factories.person(), shown)
    assert research.study_for(reader, "evenings").groups == ("Shown",)
    assert research.study_for(factories.join(reader, hidden), "evenings").groups == (
        "Cellar",
        "Shown",
    )


def test_a_download_holds_no_title_that_was_hidden(app: Flask) -> None:
    group = factories.group()
    wren, robin = (factories.join(factories.person(), group) for _ in range(2))
    thread = factories.thread(wren, group, title="Unmistakable title").thread_id
    factories.post(robin, thread)
    with transaction() as session:
        session.get_one(Thread, thread).title_hidden = True
    db.release_session()
    held = {
        who: str(
            [list(db.current_session().execute(one.rows(person.id or 0))) for one in PERSONAL_DATA]
        )
        for who, person in {"author": wren, "answerer": robin}.items()
    }
    assert "Unmistakable title" in held["author"]
    assert "Unmistakable title" not in held["answerer"]


def test_a_download_tells_of_no_naming_that_its_owner_may_not_read(app: Flask) -> None:
    closed, common = factories.group(visibility="approval"), factories.group()
    wren = factories.join(factories.person("wren"), common)
    robin, ash = (factories.join(factories.person(), common) for _ in range(2))
    factories.thread(factories.join(ash, closed), closed, body="Do you know @wren?")
    accounts.block(robin, wren.id or 0)
    factories.thread(robin, common, body="I have blocked @wren")
    shown = factories.thread(ash, common, body="Hello @wren")
    db.release_session()
    (held,) = (one for one in PERSONAL_DATA if one.name == "mentions")
    assert [row.post_id for row in db.current_session().execute(held.rows(wren.id or 0))] == [
        shown.id
    ]


def test_no_answer_has_the_number_of_ones_account(app: Flask) -> None:
    factories.group()
    client = app.test_client()
    form = {"handle": "wren", "password": PASSWORD, "accept_guidelines": "on"}
    answer = post_form(client, "/register", as_json=True, **form).get_json()
    account_id = queries.account_id_of_exact("wren") or 0
    assert answer["id"] == public_ids.of(account_id)
    (held,) = (one for one in PERSONAL_DATA if one.name == "account")
    assert [row.id for row in db.current_session().execute(held.rows(account_id))] == [answer["id"]]


@pytest.mark.parametrize("how", ["leaves", "blocks"])
def test_a_care_message_passes_neither_leaving_nor_a_block(app: Flask, how: str) -> None:
    group = factories.group(slug="here")
    wren = factories.join(factories.person(), group)
    first, second = (factories.join(factories.person(), group, "facilitator") for _ in range(2))
    factories.thread(wren, group)
    assert safety.send_care_message(first, "here", wren.id or 0, body="How are you?")
    if how == "leaves":
        groups.leave(wren, group)
    else:
        accounts.block(wren, first.id or 0)
    with pytest.raises(NotFound):
        safety.send_care_message(first, "here", wren.id or 0, body="And now?")
    if how == "blocks":
        assert safety.send_care_message(second, "here", wren.id or 0, body="I am here, too.")


def test_a_reaction_counts_the_same_from_anybody(app: Flask) -> None:
    group = factories.group()
    names = ("blocker", "blocked", "other", "third")
    people = {name: factories.join(factories.person(f"the{name}"), group) for name in names}
    accounts.block(people["blocker"], people["blocked"].id or 0)
    place = factories.thread(people["third"], group)
    posts = {
        giver: factories.post(people["third"], place.thread_id) for giver in ("blocker", "other")
    }
    client = app.test_client()
    factories.log_in(client, people["blocked"])
    socket = socketio.test_client(app, flask_test_client=client)
    socket.emit("thread:join", {"thread_id": place.thread_id, "after": 0}, callback=True)
    address, seen = f"/threads/{place.thread_id}", set()
    for turn, (giver, post) in enumerate(posts.items(), 1):
        socket.get_received()
        threads.react(people[giver], post.id, "hug", on=True)
        (live,) = [one["args"][0] for one in socket.get_received() if one["name"] == "post:changed"]
        db.release_session()
        told = client.get(address, headers=JSON).get_json()["posts"]
        assert live["html"] == next(one["html"] for one in told if one["id"] == post.id)
        assert live["html"].count("<b>1</b>") == 1
        assert client.get(address).text.count("<b>1</b>") == turn
        seen.add(re.sub(r"Conversation \d+|\d+", "", live["html"]))
    assert len(seen) == 1
    notified = client.get("/notifications", headers=JSON).get_json()["notifications"]
    assert "theblocker" not in str(notified)
