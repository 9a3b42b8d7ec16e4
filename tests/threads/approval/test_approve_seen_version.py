"""A decision about a pending post is of the version that the moderator has read."""

import re
from html import unescape

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Conflict
from forum.moderation.actions import service as moderation
from forum.moderation.queue import queries as queue_queries
from forum.threads import queries
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from tests.support import factories as make
from tests.support.worlds.group_world import JSON


@pytest.mark.parametrize("verb", ["approve", "decline"])
@pytest.mark.parametrize("page", ["thread", "entry", "question"])
def test_words_that_were_changed_after_the_page_was_loaded_are_read_first(
    app: Flask, verb: str, page: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    author = make.join(make.person(), group)
    thread = make.thread(moderator, group).thread_id
    moderation.take_action(moderator, "review", thread)
    held = make.post(author, thread, body="Innocent words").id
    (entry,) = (one for one in queue_queries.open_items(moderator) if one.kind == "pending_post")
    browser = app.test_client()
    make.log_in(browser, moderator)
    paths = {
        "thread": f"/threads/{thread}",
        "entry": f"/moderation/queue/{entry.id}",
        "question": f"/posts/{held}/decline",
    }
    address = rf'"(/posts/{held}/{verb}\?seen=\d+)"'
    found = re.findall(address, browser.get(paths[page]).text)
    if not found:  # a page that leads to another one for this
        assert (page, verb) in {("thread", "decline"), ("question", "approve")}
        return
    threads.edit_post(author, held, body="Unkind words")
    for way in found:
        refused = browser.post(unescape(way), data={"reason": "No"}, headers=JSON)
        assert refused.status_code == 409
        assert refused.get_json()["error"]["code"] == "changed"
    db.release_session()
    assert queries.post_for(moderator, held).state == "pending"
    again = re.findall(address, browser.get(paths[page]).text)[0]
    assert browser.post(unescape(again), data={"reason": "No"}, headers=JSON).status_code == 200


def test_a_decision_about_an_earlier_version_is_refused(app: Flask) -> None:
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    author = make.join(make.person(), group)
    thread = make.thread(moderator, group).thread_id
    moderation.take_action(moderator, "review", thread)
    held = make.post(author, thread)
    threads.edit_post(author, held.id, body="Other words")
    with pytest.raises(Conflict, match="read it again"):
        pre_moderation.approve(moderator, held.id, seen=held.version)
    db.release_session()
    pre_moderation.approve(moderator, held.id, seen=queries.post_for(moderator, held.id).version)
