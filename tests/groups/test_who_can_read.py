"""Wherever people choose a group or write in one, the page says who can read it."""

import pytest
from flask import Flask

from tests.support import factories as make

PUBLIC = "nyone on the internet can read"
MEMBERS = "nly members of"


@pytest.mark.parametrize("public", [True, False])
def test_who_can_read_is_said_before_anyone_writes(app: Flask, public: bool) -> None:
    group = make.group(slug="here", readable_by_all=public)
    member = make.join(make.person(), group)
    thread = make.thread(member, group)
    client = app.test_client()
    make.log_in(client, member)
    edit = f"/posts/{thread.id}/edit"
    for path in ("/groups/here/threads/new", f"/threads/{thread.thread_id}", edit):
        page = client.get(path).text
        form = page[page.index("data-composer") :]
        assert (PUBLIC in form) is public, path
        assert (MEMBERS in form) is not public, path
    newcomer = app.test_client()
    make.log_in(newcomer, make.person())
    page = newcomer.get("/groups/here/join").text
    notice = page[: page.index('action="/groups/here/join"')]
    assert ("is public. Anyone on the internet can read" in notice) is public
    assert (MEMBERS in notice) is not public


def test_a_public_group_is_marked_in_each_list_and_for_its_members(app: Flask) -> None:
    group = make.group(slug="here", readable_by_all=True)
    visitor, client = app.test_client(), app.test_client()
    for path in ("/", "/groups", "/groups/here"):
        assert PUBLIC in visitor.get(path).text.partition("<main")[2], path
    make.log_in(client, make.join(make.person(), group))
    assert PUBLIC in client.get("/groups/here").text
