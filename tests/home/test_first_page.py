"""The first page and the rail: what is new with a line of it, meetings, and what waits by role."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.preferences import content_note_preferences
from forum.accounts.relationships import mutes_and_blocks
from forum.core import db
from forum.core.text.quote_as_markdown import quotation
from forum.groups import service as groups
from forum.groups.models import FACILITATOR
from forum.home import queries
from forum.moderation.actions import service as moderation
from forum.threads import service
from forum.threads.lists import excerpts
from tests.support import factories as make


def words(viewer: object, thread_id: int) -> excerpts.Excerpt | None:
    db.release_session()
    return excerpts.first_unread_excerpts(viewer, [thread_id]).get(thread_id)  # type: ignore[arg-type]


def test_a_line_of_the_first_unread_post_is_shown(app: Flask) -> None:
    group = make.group()
    me, other = (make.join(make.person(), group) for _ in range(2))
    place = make.thread(other, group, body="I could not **sleep** again.")
    line = words(me, place.thread_id)
    assert line == excerpts.Excerpt(other.handle, "I could not sleep again.", "", False)
    assert words(other, place.thread_id) is None
    assert words(make.person(), place.thread_id) is None


def test_a_content_note_replaces_the_excerpt_whatever_the_preference(app: Flask) -> None:
    group = make.group()
    me, other = (make.join(make.person(), group) for _ in range(2))
    place = make.thread(other, group, body="It is over.", content_note="grief")
    assert words(me, place.thread_id) == excerpts.Excerpt(other.handle, "", "grief", False)
    content_note_preferences.save(me, {"grief": "hidden"})
    assert words(me, place.thread_id) == excerpts.Excerpt(other.handle, "", "grief", True)
    content_note_preferences.save(me, {"grief": "open"})
    assert words(me, place.thread_id) == excerpts.Excerpt(other.handle, "", "grief", False)


@pytest.mark.parametrize("how", ["hidden", "muted", "blocked"])
def test_nothing_is_shown_of_what_is_hidden_muted_or_blocked(app: Flask, how: str) -> None:
    group = make.group()
    me, other, third = (make.join(make.person(), group) for _ in range(3))
    facilitator = make.join(make.person(), group, FACILITATOR)
    place = make.thread(me, group)
    said = make.post(other, place.thread_id, body="Secret words.")
    quoting = quotation(other.handle, "<p>Secret words.</p>") + "\n\nI hear you."
    service.post_reply(third, place.thread_id, body=quoting)
    if how == "hidden":
        moderation.take_action(facilitator, "hide", said.id, reason="unkind")
    elif how == "muted":
        mutes_and_blocks.mute(me, other.id or 0)
    else:
        mutes_and_blocks.block(other, me.id or 0)
    line = words(me, place.thread_id)
    assert line
    assert line.author == third.handle
    if how != "hidden":
        assert "Secret" not in line.words
    own = words(facilitator, place.thread_id)
    assert how != "hidden" or (own and "Secret" not in own.words.removeprefix(other.handle))


def test_pending_tasks_are_shown_by_role(app: Flask) -> None:
    group, elsewhere = (make.group(visibility="approval") for _ in range(2))
    member = make.join(make.person(), group)
    facilitator = make.join(make.person(), group, FACILITATOR)
    for asked in (group, elsewhere):
        groups.ask_to_join(make.person(), asked, "Please")
    db.release_session()
    assert queries.member_home(member).tasks == []
    told = {task.address: task.waiting for task in queries.member_home(facilitator).tasks}
    assert len([address for address in told if address.endswith("/requests")]) == 1
    assert set(told.values()) == {1}


def test_the_rail_counts_for_members_and_is_absent_for_others(
    client: FlaskClient, app: Flask
) -> None:
    group = make.group(name="Evening walkers")
    me, other = (make.join(make.person(), group) for _ in range(2))
    make.thread(other, group)
    assert client.get("/rail", headers={"Accept": "application/json"}).status_code == 401
    assert "data-rail" not in client.get("/help-now").text
    make.log_in(client, me)
    assert "1 thread with new posts" in client.get("/help-now").text  # served to who needs it
    client.set_cookie("page_scripts", "on")
    page = client.get("/help-now").text
    assert "Evening walkers" in page
    assert "with new posts" not in page
    assert "1 thread with new posts" in client.get("/rail").text
    assert "1 thread with new posts" in client.get("/").text
    make.log_in(client, make.person())
    assert "data-rail" not in client.get("/help-now").text
