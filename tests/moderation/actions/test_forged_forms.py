"""Addresses and forms that no page of ours offers."""

import pytest
from flask import Flask

from forum.accounts import queries as accounts
from forum.accounts.identity.public_ids import of as named
from forum.core import db
from forum.moderation.queue import queries as queue_queries
from forum.moderation.reports import service as reports
from tests.support import factories as make
from tests.support.worlds.group_world import post
from tests.support.worlds.moderation_world import ModerationWorld, count, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def test_a_nul_finds_nothing(app: Flask, room: ModerationWorld) -> None:
    _, people, place = room
    reports.report(people["member"], "post", place.id, reason="unkind")
    (item,) = (one for one in queue_queries.open_items(people["moderator"]) if one.reports)
    browser = app.test_client()
    make.log_in(browser, people["administrator"])
    for path in ("log?words=a%00", "log?by=%00", "log.csv?group=%00", "actions/new?group=%00"):
        assert browser.get(f"/moderation/{path}").status_code == 404
    forged = {
        "target_kind": "person",
        "id": named(people["member"].id),
        "group": "a\0",
        "action": "warn",
    }
    assert post(browser, "/moderation/actions/new", as_json=True, **forged).status_code == 404
    over = {"note": "Please", "to": "wren\0"}
    path = f"/moderation/queue/{item.id}/hand-over"
    assert post(browser, path, as_json=True, **over).status_code == 422
    assert count() == 0


def test_what_the_form_is_about_is_what_is_acted_on(app: Flask, room: ModerationWorld) -> None:
    """The number of a post may be that of somebody's account, too."""
    _, people, place = room
    keeper, same = people["administrator"], place.id
    browser = app.test_client()
    make.log_in(browser, keeper)
    forged = {
        "target_kind": "post",
        "id": str(same),
        "action": "suspend",
        "value": "3",
        "reason": "A slip",
    }
    assert post(browser, "/moderation/actions/new", as_json=True, **forged).status_code == 422
    db.release_session()
    found = accounts.viewer(same)
    assert found
    assert not found.suspended
    assert count() == 0


@pytest.mark.parametrize("who", ["author", "member"])
def test_members_are_not_led_to_an_empty_choice_of_actions(
    app: Flask, room: ModerationWorld, who: str
) -> None:
    _, people, place = room
    browser = app.test_client()
    make.log_in(browser, people[who])
    for asked in (f"target_kind=thread&id={place.thread_id}", f"target_kind=post&id={place.id}"):
        assert browser.get(f"/moderation/actions/new?{asked}").status_code == 403
