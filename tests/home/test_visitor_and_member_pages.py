"""The first page, for visitors and for members."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import service as accounts
from forum.core import clock
from forum.groups import service as groups
from forum.home import queries
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.databases.query_counts import executed_statements


def test_visitors_see_groups_that_anyone_may_know_of(client: FlaskClient) -> None:
    make.group(name="Open hearts", description="For **everyone**")
    make.group(name="Behind a door", visibility="hidden")
    page = client.get("/").text
    assert "Open hearts" in page
    assert "For everyone" in page
    assert "Behind a door" not in page


def test_a_member_of_nothing_is_led_to_the_groups(client: FlaskClient) -> None:
    make.log_in(client, make.person())
    page = client.get("/").text
    assert "joined a group yet" in page
    assert 'href="/groups"' in page


def test_what_is_new_unanswered_and_for_me(client: FlaskClient, app: Flask) -> None:
    group = make.group(name="Night owls")
    me, other = (make.join(make.person(handle), group) for handle in ("ownerone", "wrenx"))
    mine = make.thread(me, group, title="Mine")
    make.post(other, mine.thread_id)
    make.thread(other, group, title="Alone so far")
    make.log_in(client, me)
    page = client.get("/").text
    assert "Night owls" in page
    assert "wrenx replied in “Mine”" in page
    assert "Alone so far" in page
    member_home = queries.member_home(me)
    assert member_home.unread[group] == 2
    assert [thread.title for thread in member_home.unanswered] == ["Alone so far"]
    assert [line.actor for line in member_home.replies] == ["wrenx"]


def test_moderators_see_threads_of_their_groups_first(app: Flask) -> None:
    theirs, guided = make.group(), make.group()
    me = make.join(make.join(make.person(), theirs), guided, "facilitator")
    other = make.join(make.join(make.person(), theirs), guided)
    for group, title in ((theirs, "Older"), (guided, "Newer"), (guided, "Newest")):
        make.thread(other, group, title=title)
    found = [thread.title for thread in queries.member_home(me).unanswered]
    assert found == ["Newer", "Newest", "Older"]


@pytest.mark.parametrize("role", ["member", "facilitator", "moderator"])
def test_moderators_find_their_queue(client: FlaskClient, role: str) -> None:
    group = make.group()
    make.log_in(client, make.join(make.join(make.person(), make.group()), group, role))
    assert ('href="/moderation"' in client.get("/").text) == (role != "member")


def _hide(me: object, other: object, group: int, post_id: int) -> None:
    threads.hide_post(make.join(make.person(), group, "moderator"), post_id)


def _block(me: object, other: object, group: int, post_id: int) -> None:
    accounts.block(other, me.id)  # type: ignore[arg-type, attr-defined]


def _mute(me: object, other: object, group: int, post_id: int) -> None:
    accounts.mute(me, other.id)  # type: ignore[arg-type, attr-defined]


def _leave(me: object, other: object, group: int, post_id: int) -> None:
    groups.leave(me, group)  # type: ignore[arg-type]


def _suspend(me: object, other: object, group: int, post_id: int) -> None:
    accounts.suspend(me.id, until=clock.now() + timedelta(days=1), because="x")  # type: ignore[attr-defined]


@pytest.mark.parametrize("part", [_hide, _block, _mute, _leave, _suspend])
def test_what_i_may_not_see_is_not_there(app: Flask, part: object) -> None:
    group = make.group()
    me, other = (make.join(make.person(), group) for _ in range(2))
    place = make.thread(other, group)
    assert queries.member_home(me).new
    part(me, other, group, place.id)  # type: ignore[operator]
    member_home = queries.member_home(me)
    assert not member_home.new
    assert not member_home.unread
    assert not member_home.unanswered


def test_someone_suspended_is_led_to_their_account(client: FlaskClient) -> None:
    me = make.log_in(client, make.person())
    accounts.suspend(me.id or 0, until=clock.now() + timedelta(days=1), because="x")
    make.log_in(client, me)
    assert client.get("/").headers.get("Location") == "/account"


def test_the_first_page_asks_few_questions(client: FlaskClient, app: Flask) -> None:
    group = make.group()
    me, other = (make.join(make.person(), group) for _ in range(2))
    for _ in range(12):
        make.thread(other, group)
    make.log_in(client, me)
    with executed_statements() as words:
        client.get("/")
    assert words.count("SELECT") <= 7 + 2  # two for each of one's groups, not one a thread
