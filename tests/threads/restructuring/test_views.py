"""The pages: the action is chosen first, then its own form; old addresses; canned reasons."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import db
from forum.core.errors import Forbidden, Invalid
from forum.moderation.canned_reasons import service as canned_reasons
from forum.moderation.models import AuditLogEntry
from forum.threads import queries as threads
from forum.threads import service
from tests.support import factories as make
from tests.support.worlds import group_world
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    restructuring_world,
    said_in,
    slug_of,
    thread_with_posts,
)

NEW = "/moderation/actions/new"


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world(there={"visibility": "approval"})


def browser(app: Flask, room: RestructuringWorld, who: str) -> Any:
    """Return somebody's browser."""
    client = app.test_client()
    make.log_in(client, room.people[who])
    return client


def post(client: Any, path: str, *, as_json: bool = False, **form: Any) -> Any:
    """Send a form, as a browser unless told otherwise."""
    return group_world.post(client, path, as_json=as_json, **form)


def test_the_old_address_redirects_people_who_may_read(
    app: Flask, room: RestructuringWorld
) -> None:
    older, *_ = thread_with_posts(room, "a1")
    newer, *_ = thread_with_posts(room, "b1")
    room.act("keeper", "merge", newer, str(older))
    answer = browser(app, room, "member").get(f"/threads/{newer}")
    assert (answer.status_code, answer.location) == (302, f"/threads/{older}?joined")
    page = browser(app, room, "member").get(f"/threads/{newer}", follow_redirects=True)
    assert "has been merged with this one" in page.get_data(as_text=True)
    for client in (app.test_client(), browser(app, room, "neighbour")):
        there = client.get(f"/threads/{newer}").status_code
        assert there == client.get(f"/threads/{older}").status_code == 404
    answer = post(
        browser(app, room, "member"), f"/threads/{newer}/replies", as_json=True, body="A late word"
    )
    assert answer.status_code == 201
    assert said_in(older, room.people["member"]) == ["a1", "b1", "A late word"]


def test_a_quiet_line_is_where_posts_were(app: Flask, room: RestructuringWorld) -> None:
    thread, _, two, _ = thread_with_posts(room, "one", "two", "three")
    client = browser(app, room, "keeper")
    page = client.get(f"{NEW}?target_kind=thread&id={thread}&action=split").get_data(as_text=True)
    assert f'name="posts" value="{two}"' in page
    answer = post(
        client,
        NEW,
        target_kind="thread",
        id=thread,
        action="split",
        title="Beside & it",
        posts=[two],
        canned="It belongs somewhere else",
    )
    assert answer.status_code == 303
    new = threads.post_for(room.people["member"], two).thread_id
    lines = browser(app, room, "member").get(f"/threads/{thread}").get_data(as_text=True)
    assert f'<a href="/threads/{new}">Beside &amp; it</a>' in lines
    assert lines.index(">one<") < lines.index("Beside &amp;") < lines.index(">three<")
    back = browser(app, room, "member").get(f"/threads/{new}").get_data(as_text=True)
    assert f'These posts used to be part of <a href="/threads/{thread}">' in back


def test_pages_stay_right_where_posts_were_split_away(app: Flask, room: RestructuringWorld) -> None:
    thread, *posts = thread_with_posts(room, *(f"post {n}" for n in range(1, 46)))
    room.split("keeper", thread, posts[20:])
    client = browser(app, room, "member")
    for page in (1, 2, 3):  # 20 posts are left, and with them one page
        shown = client.get(f"/threads/{thread}?page={page}").text
        assert shown.count("<article") == 20
        assert "25 posts moved to" in shown
        assert 'rel="next"' not in shown
    new = threads.post_for(room.people["member"], posts[44]).thread_id
    there = f"/threads/{new}?page=2&post={posts[44]}#post-{posts[44]}"
    assert client.get(f"/posts/{posts[44]}").location == there
    # An address that was copied before leads on, as long as its reader may see the post.
    before = f"/threads/{thread}?page=3&post={posts[44]}"
    assert client.get(before).location == there
    assert client.get(there).status_code == 200
    assert client.get(f"/threads/{thread}?page=3&post=999999").status_code == 200
    stranger = browser(app, room, "neighbour")
    assert stranger.get(before).status_code == stranger.get(f"/threads/{thread}").status_code


def test_each_reader_has_full_pages_of_what_they_may_see(
    app: Flask, room: RestructuringWorld
) -> None:
    thread, *posts = thread_with_posts(room, *(f"post {n}" for n in range(1, 46)))
    for post in posts[5:30]:
        service.hide_post(room.people["keeper"], post)

    def pages(who: str) -> list[int]:
        client = browser(app, room, who)
        shown = client.get(f"/threads/{thread}", headers={"Accept": "application/json"})
        count = shown.get_json()["pages"]
        texts = [client.get(f"/threads/{thread}?page={n}").text for n in range(1, count + 1)]
        place = client.get(f"/posts/{posts[44]}").location
        assert f'id="post-{posts[44]}"' in client.get(place).text
        return [text.count("<article") for text in texts]

    assert pages("keeper") == [20, 20, 5]
    assert pages("both") == [20]


def test_the_action_is_chosen_first_and_the_form_asks_for_nothing_else(
    app: Flask, room: RestructuringWorld
) -> None:
    thread, one, _ = thread_with_posts(room, "one", "two")
    keeper, facilitator = browser(app, room, "keeper"), browser(app, room, "facilitator")
    here = f"{NEW}?target_kind=thread&id={thread}"
    assert f"id={thread}&amp;action=move" in keeper.get(here).get_data(as_text=True)
    small = facilitator.get(here).get_data(as_text=True)
    assert "action=lock" in small
    assert "action=move" not in small
    assert 'name="action"' not in facilitator.get(f"{here}&action=move").get_data(as_text=True)
    chooser = keeper.get(here).get_data(as_text=True)
    assert "action=pin" in chooser
    assert "action=unpin" not in chooser  # it is not pinned
    asks = {
        "lock": (),
        "slow": ('name="value"',),
        "move": (slug_of(room.there), 'name="value"'),
        "merge": ('name="address"',),
        "split": ('name="title"', 'name="posts"'),
    }
    for action, parts in asks.items():
        page = keeper.get(f"{here}&action={action}").text.partition("<main")[2]  # without the rail
        assert all(part in page for part in parts), action
        others = {part for name, some in asks.items() if name != action for part in some} - {*parts}
        assert not [part for part in others if part in page], action
    page = keeper.get(f"{NEW}?target_kind=post&id={one}&action=edit").get_data(as_text=True)
    assert re.search(r">\s*one\s*</textarea>", page)


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        ("split", "title", "A title"),
        ("merge", "address", "/threads/99999"),
        ("slow", "value", "soon"),
        ("move", "value", "nowhere"),
    ],
)
def test_what_was_typed_comes_back_with_the_reason_why(
    app: Flask, room: RestructuringWorld, action: str, name: str, value: str
) -> None:
    thread, *_ = thread_with_posts(room, "one", "two")
    client = browser(app, room, "keeper")
    typed: dict[str, Any] = {"target_kind": "thread", "id": thread, "action": action, name: value}
    answer = post(client, NEW, **typed, reason="A long reason", message="Dear one")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "A long reason" in page
    assert "Dear one" in page
    answer = post(client, NEW, as_json=True, **typed)
    assert set(answer.get_json()["error"]["fields"]) <= {"posts", "title", "value"}


def test_the_approver_reads_the_pending_action(app: Flask, room: RestructuringWorld) -> None:
    thread, _, two = thread_with_posts(room, "one", "two", by=("second", "second"))
    other, *_ = thread_with_posts(room, "x")
    keeper = browser(app, room, "keeper")
    for action, form in (
        ("split", {"title": "Its own", "posts": two}),
        ("merge", {"value": other}),
        ("move", {"value": slug_of(room.there)}),
        ("slow", {"value": 60}),
    ):
        given: dict[str, Any] = {"target_kind": "thread", "id": thread, "action": action, **form}
        assert post(keeper, NEW, as_json=True, **given).status_code == 202, action
    page = browser(app, room, "administrator").get("/moderation/log").get_data(as_text=True)
    for words in (
        "1 post, as “Its own”",
        f"With thread {other}",
        f"To {slug_of(room.there)}",
        "For 60 seconds",
    ):
        assert words in page, words


def test_a_conflict_is_shown_next_to_the_form(app: Flask, room: RestructuringWorld) -> None:
    thread, *_ = thread_with_posts(room, "one")
    room.act("facilitator", "lock", thread)
    answer = post(
        browser(app, room, "keeper"),
        NEW,
        target_kind="thread",
        id=thread,
        action="lock",
        reason="Mine too",
    )
    assert answer.status_code == 409
    assert "already done" in answer.get_data(as_text=True)
    assert "Mine too" in answer.get_data(as_text=True)


def test_reasons_are_the_administrators_and_the_log_keeps_what_was_said(
    app: Flask, room: RestructuringWorld
) -> None:
    thread, *_ = thread_with_posts(room, "one")
    client = browser(app, room, "administrator")
    assert "It&#39;s advertising" in client.get("/moderation/reasons").get_data(as_text=True)
    answer = post(
        client, "/moderation/reasons", reasons="It is too loud\n\n  Too   soon \nToo soon"
    )
    assert answer.location == "/moderation/reasons"
    assert canned_reasons.reasons() == ["It is too loud", "Too soon"]
    page = client.get(f"{NEW}?target_kind=thread&id={thread}&action=lock").get_data(as_text=True)
    assert "It is too loud" in page
    assert "It&#39;s advertising" not in page
    post(
        client,
        NEW,
        target_kind="thread",
        id=thread,
        action="lock",
        canned="Too soon",
        reason="We need rest",
    )
    post(client, "/moderation/reasons", reasons="")
    db.release_session()
    assert canned_reasons.reasons() == list(canned_reasons.BUILT_IN)
    assert db.current_session().scalar(select(AuditLogEntry.reason)) == "Too soon. We need rest"


@pytest.mark.parametrize("who", ["keeper", "facilitator", "member"])
def test_nobody_else_changes_the_reasons(room: RestructuringWorld, who: str) -> None:
    with pytest.raises(Forbidden):
        canned_reasons.set_reasons(room.people[who], "Mine")


@pytest.mark.parametrize("lines", ["x" * 201, "\n".join(map(str, range(31))), "a\0b"])
def test_reasons_that_are_too_long_or_too_many(room: RestructuringWorld, lines: str) -> None:
    with pytest.raises(Invalid) as refused:
        canned_reasons.set_reasons(room.people["administrator"], lines)
    assert "reasons" in refused.value.fields
