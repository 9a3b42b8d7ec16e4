"""The first look: what waits for one is shown to nobody else, and is decided once."""

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Conflict, Forbidden
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.queue import queries as queue_queries
from forum.notifications import queries
from forum.threads import queries as threads
from forum.threads.approval import pre_moderation
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once

JSON = {"Accept": "application/json"}


def test_a_first_post_waits_is_shown_once_and_a_later_one_is_declined(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    newcomer, other = (make.join(make.person(), group) for _ in range(2))
    groups.edit_group(moderator, group, premoderate_first_posts=True)
    first = make.thread(newcomer, group, title="My first one")
    theirs, new, others = (app.test_client() for _ in range(3))
    for client, who in ((theirs, moderator), (new, newcomer), (others, other)):
        make.log_in(client, who)
    page = f"/threads/{first.thread_id}"

    assert others.get(page).status_code == 404
    assert "Waiting for approval" in new.get(page).text
    (entry,) = (one for one in queue_queries.open_items(moderator) if one.kind == "pending_post")
    assert theirs.get(f"/moderation/queue/{entry.id}").status_code == 200
    assert theirs.get(f"/posts/{first.id}/decline").status_code == 200
    approve = f"/posts/{first.id}/approve"
    assert theirs.post(approve, headers=JSON).status_code == 200
    assert theirs.post(approve, headers=JSON).status_code == 409
    assert others.get(page).status_code == 200
    assert "is shown now" in new.get("/notifications").text
    assert "pending_post" not in [one.kind for one in queue_queries.open_items(moderator)]

    moderation.take_action(moderator, "review", first.thread_id)
    held = make.post(newcomer, first.thread_id)
    decline = f"/posts/{held.id}/decline"
    assert theirs.post(decline, data={"reason": ""}).status_code == 422
    assert theirs.post(decline, data={"reason": "Without the street"}).status_code == 303
    assert "Without the street" in new.get(page).text
    assert "wasn&#39;t approved" in new.get("/notifications").text
    assert "Without the street" not in others.get(page).text
    assert others.get(f"/posts/{held.id}").status_code == 404


def test_each_decision_is_logged_and_its_author_notified_once(app: Flask) -> None:
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    author = make.join(make.person(), group)
    thread = make.thread(moderator, group).thread_id
    moderation.take_action(moderator, "review", thread)
    shown, kept_back = (make.post(author, thread).id for _ in range(2))
    pre_moderation.approve(moderator, shown)
    pre_moderation.decline(moderator, kept_back, "Without the street")
    rows = [(row.action, row.target_id, row.reason) for row in log.find(moderator, LogFilter())]
    assert rows == [
        ("decline", kept_back, "Without the street"),
        ("approve", shown, ""),
        ("review", thread, ""),
    ]
    assert [row.action for row in appeal_queries.entries_about(author)] == ["decline", "approve"]
    told = [line.type for line in queries.lines(author)]
    assert sorted(told) == ["post_approved", "post_declined"]


def test_pending_posts_cannot_be_acted_on_and_moderators_posts_never_wait(
    app: Flask,
) -> None:
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    author = make.join(make.person(), group)
    groups.edit_group(moderator, group, premoderate_first_posts=True)
    thread = make.thread(moderator, group).thread_id
    held = make.post(author, thread).id
    for name in ("hide", "delete", "edit", "content_note"):
        with pytest.raises(Conflict):
            moderation.take_action(moderator, name, held, value="Words")
    with pytest.raises(Forbidden):
        pre_moderation.approve(author, held)
    assert [row.number for row in threads.posts_between(author, thread, 1, 20)] == [1]


def test_the_second_of_two_simultaneous_decisions_is_refused(app: Flask) -> None:
    group = make.group()
    first, second = (make.join(make.person(), group, "moderator") for _ in range(2))
    author = make.join(make.person(), group)
    thread = make.thread(first, group).thread_id
    moderation.take_action(first, "review", thread)
    held = make.post(author, thread).id
    db.release_session()
    answers = run_at_once(
        lambda: pre_moderation.approve(first, held),
        lambda: pre_moderation.decline(second, held, "No"),
    )
    assert answers.count(None) == 1
    assert [one.code for one in answers if one is not None] == ["decided"]
    decisions = [row.action for row in log.find(first, LogFilter()) if row.action != "review"]
    assert len(decisions) == 1
