"""A proposal to move a conversation names no group to people who may not know of it."""

from flask import Flask

from forum.moderation.actions import service
from tests.support import factories as make
from tests.support.worlds.restructuring_world import restructuring_world, thread_with_posts

HIDDEN = {"visibility": "hidden", "name": "Lanterns", "slug": "lanterns"}


def test_a_hidden_group_is_named_to_those_alone_who_may_know_of_it(app: Flask) -> None:
    room = restructuring_world(here={"visibility": "hidden"}, there=HIDDEN)
    thread = thread_with_posts(room, "one", "two", by=("second", "author"))[0]
    asked = service.take_action(room.people["keeper"], "move", thread, value="lanterns")
    assert asked.pending_action_id
    pages = {}
    for who in ("keeper", "administrator", "moderator"):
        client = app.test_client()
        make.log_in(client, room.people[who])
        pages[who] = client.get("/moderation/log").text
        assert f"pending-action-{asked.pending_action_id}" in pages[who]
    named = {who for who, page in pages.items() if "lanterns" in page.casefold()}
    assert named == {"keeper", "administrator"}
    assert "To a group you&#39;re not in" in pages["moderator"]
