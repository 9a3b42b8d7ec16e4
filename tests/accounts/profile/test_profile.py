"""One's own pages, the profile that fellow members see, and keeping a distance."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import queries, service
from forum.accounts.events import HandleChanged, RelationshipChanged
from forum.accounts.identity.public_ids import of as named
from forum.accounts.models import BLOCK, BLOCKED_BY, MUTE, AccountRelationship
from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock, db, events
from forum.core.db import current_session
from forum.core.errors import Forbidden, Invalid, LoginNeeded, NotFound
from tests.support.factories import administrator, group, join, log_in, person, thread
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.account_forms import JSON, fields_of, post_form

PAGES = [
    "",
    "/profile",
    "/handle",
    "/password",
    "/email",
    "/recovery-codes",
    "/sessions",
    "/people",
]
NASTY = "<script>alert(1)</script>"


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    """Return a browser in which somebody is logged in."""
    log_in(client := app.test_client(), viewer)
    return client


def rows() -> set[tuple[int, int, str]]:
    """Return all mutes and blocks, those that other threads have made too."""
    db.release_session()
    found = (
        current_session()
        .execute(
            select(
                AccountRelationship.viewer_id,
                AccountRelationship.other_id,
                AccountRelationship.kind,
            )
        )
        .all()
    )
    return {(row.viewer_id, row.other_id, row.kind) for row in found}


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_an_account_are_for_its_owner(app: Flask, page: str) -> None:
    assert client_of(app, person()).get(f"/account{page}").status_code == 200
    visitor = app.test_client()
    assert visitor.get(f"/account{page}", headers=JSON).status_code == 401
    if page not in {"", "/sessions", "/people"}:
        assert post_form(visitor, f"/account{page}", as_json=True).status_code == 401


def test_the_profile_is_changed(app: Flask) -> None:
    client = client_of(app, me := person())
    answer = post_form(client, "/account/profile", about=f"  {NASTY}\r\nTea. ", invisible="1")
    assert answer.headers["Location"] == "/account"
    mine = client.get("/account", headers=JSON).get_json()
    assert (mine["about"], mine["invisible"]) == (f"{NASTY}\nTea.", True)
    assert NASTY not in client.get("/account").text + client.get(f"/members/{named(me.id)}").text
    post_form(client, "/account/profile", as_json=True, about="")
    assert client.get("/account", headers=JSON).get_json()["invisible"] is False
    too_long = post_form(client, "/account/profile", as_json=True, about="x" * 501)
    assert (too_long.status_code, fields_of(too_long)) == (422, {"about"})
    assert post_form(client, "/account/profile", as_json=True, about="x" * 500).status_code == 200
    assert post_form(client, "/account/profile", as_json=True, about="a\x00b").status_code == 422


def test_the_handle_is_changed_and_announced(app: Flask) -> None:
    seen: list[HandleChanged] = []
    events.subscribe({HandleChanged: [seen.append]}, {})
    person("moss-two")
    client = client_of(app, me := person("fern-two"))
    for wrong in ("moss-two", "MOSS-tw0", "admin", "x", NASTY):
        answer = post_form(client, "/account/handle", as_json=True, handle=wrong)
        assert (answer.status_code, fields_of(answer)) == (422, {"handle"})
    page = post_form(client, "/account/handle", handle=NASTY)
    assert page.status_code == 422
    assert NASTY not in page.text
    assert post_form(client, "/account/handle", handle="heather").status_code == 303
    assert client.get("/account", headers=JSON).get_json()["handle"] == "heather"
    assert [event.account_id for event in seen] == [me.id]
    post_form(client, "/account/handle", handle="heather")
    assert len(seen) == 1


def test_two_who_want_one_handle_at_once_do_not_both_get_it(app: Flask) -> None:
    people = [person() for _turn in range(5)]

    answers = run_at_once(*(partial(service.change_handle, viewer, "heather") for viewer in people))
    assert [type(answer) for answer in answers].count(Invalid) == 4


def test_blocking_is_two_rows_and_muting_one(app: Flask) -> None:
    me, other = person(), person()
    seen: list[RelationshipChanged] = []
    events.subscribe({}, {RelationshipChanged: [seen.append]})
    assert me.id is not None
    assert other.id is not None
    for _twice in range(2):
        service.mute(me, other.id)
        service.block(me, other.id)
    both = {(me.id, other.id, MUTE), (me.id, other.id, BLOCK), (other.id, me.id, BLOCKED_BY)}
    assert rows() == both
    service.block(other, me.id)
    for _twice in range(2):
        service.unblock(me, other.id)
        service.unmute(me, other.id)
    assert rows() == {(other.id, me.id, BLOCK), (me.id, other.id, BLOCKED_BY)}
    pairs = [(event.viewer_id, event.other_id) for event in seen]
    there, back = (me.id, other.id), (other.id, me.id)
    assert pairs == [there, there, back, back, there, there, back, there]


def test_nobody_mutes_or_blocks_themselves_or_nobody(app: Flask) -> None:
    me = person()
    assert me.id is not None
    for act in (service.mute, service.block):
        with pytest.raises(Forbidden):
            act(me, me.id)
        with pytest.raises(NotFound):
            act(me, 10**6)
        with pytest.raises(LoginNeeded):
            act(VISITOR, me.id)
    assert rows() == set()


def test_many_blocks_at_once_in_both_directions(app: Flask) -> None:
    one, two = person(), person()
    pairs = [(one, two.id or 0), (two, one.id or 0)] * 6
    assert set(run_at_once(*(partial(service.block, *pair) for pair in pairs))) == {None}
    assert len(rows()) == 4


def test_who_sees_a_profile(app: Flask) -> None:
    fern, fellow, blocked, blocker, muter = (person() for _turn in range(5))
    outsider, paused = person(), person()
    group_id = group()
    for viewer in (fern, fellow, blocked, blocker, muter, paused):
        join(viewer, group_id)
    join(outsider, group())
    assert fern.id is not None
    service.change_profile(fern, about="I grow ferns", invisible=False)
    service.block(fern, blocked.id or 0)
    service.block(blocker, fern.id)
    service.mute(muter, fern.id)
    service.suspend(paused.id or 0, until=clock.now() + timedelta(days=1), because="")
    seen = {}
    for name, viewer in {
        "fern": fern,
        "fellow": fellow,
        "blocked": blocked,
        "blocker": blocker,
        "muter": muter,
        "outsider": outsider,
        "paused": paused,
        "administrator": administrator(),
    }.items():
        client = client_of(app, viewer)
        page = client.get(f"/members/{named(fern.id)}")
        assert (
            page.status_code == client.get(f"/members/{named(fern.id)}", headers=JSON).status_code
        )
        seen[name] = (
            page.status_code,
            "I grow ferns" in page.text,
            f">Unblock {fern.handle}<" in page.text or f">Unmute {fern.handle}<" in page.text,
        )
    assert seen == {
        "fern": (200, True, False),
        "fellow": (200, True, False),
        "administrator": (200, True, False),
        "blocker": (200, False, True),
        "muter": (200, False, True),
        "blocked": (404, False, False),
        "outsider": (404, False, False),
        "paused": (404, False, False),
    }
    for anybody in (named(fern.id), "0" * 16):  # a visitor gets the same answer for anybody
        assert app.test_client().get(f"/members/{anybody}").status_code == 401
    for nobody in (fern.id, 10**6, 2**80, "0" * 16):
        assert client_of(app, fern).get(f"/members/{nobody}").status_code == 404


def test_keeping_a_distance_through_the_pages(app: Flask) -> None:
    fern, other = person(), person()
    for viewer in (fern, other):
        join(viewer, 1 if viewer is other else group())
    client, page = client_of(app, fern), f"/members/{named(other.id)}"
    for verb, undo in (("mute", "unmute"), ("block", "unblock")):
        assert f"{page}/{verb}" in client.get(page).text
        answer = post_form(client, f"{page}/{verb}", next=page)
        assert answer.headers["Location"] == page
        assert f"{page}/{undo}" in client.get(page).text
        assert other.handle in client.get("/account/people").text
        listed = client.get("/account/people", headers=JSON).get_json()["people"]
        assert listed == [{"id": named(other.id), "handle": other.handle, "kind": verb}]
        answer = post_form(client, f"{page}/{undo}", next="//evil.example")
        assert answer.headers["Location"] == "/account/people"
        assert rows() == set()
    for verb in ("mute", "block"):
        own = post_form(client, f"/members/{named(fern.id)}/{verb}", as_json=True)
        assert own.status_code == 403
        assert post_form(client, f"/members/{fern.id}/{verb}", as_json=True).status_code == 404
    visitor = app.test_client()
    for verb in ("mute", "unmute", "block", "unblock"):
        assert post_form(visitor, f"{page}/{verb}", as_json=True).status_code == 401
        assert visitor.post(f"{page}/{verb}").status_code == 400


def test_nobody_learns_handles_by_keeping_away_from_numbers(app: Flask) -> None:
    me, fellow, stranger, in_public, blocker, lurker = (person() for _turn in range(6))
    shared, public = group(), group(readable_by_all=True)
    for viewer, place in (
        (me, shared),
        (fellow, shared),
        (blocker, shared),
        (in_public, public),
        (lurker, public),
    ):
        join(viewer, place)
    join(stranger, group())
    thread(in_public, public)
    service.block(blocker, me.id or 0)
    client = client_of(app, me)
    for verb in ("mute", "block"):
        answers = {
            other.handle: post_form(
                client, f"/members/{named(other.id)}/{verb}", as_json=True
            ).status_code
            for other in (fellow, stranger, in_public, blocker, lurker)
        }
        assert list(answers.values()) == [200, 404, 200, 404, 404]
        undone = f"/members/{named(stranger.id)}/un{verb}"
        assert post_form(client, undone, as_json=True).status_code == 200
        assert stranger.handle not in client.get("/account/people").text
        assert blocker.handle not in client.get("/account/people").text
        assert client.get(f"/members/{named(stranger.id)}").status_code == 404


def test_erasing_takes_mutes_and_blocks_along(app: Flask) -> None:
    me, other = person(), person()
    service.block(me, other.id or 0)
    service.block(other, me.id or 0)
    service.erase(me.id or 0)
    assert rows() == set()
    assert queries.mutes_and_blocks_of(other) == []
