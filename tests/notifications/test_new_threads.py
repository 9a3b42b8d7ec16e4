"""Who is told that a thread has begun: whoever watches its group, and may hear of it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import current_session
from forum.core.errors import Invalid, NotFound
from forum.groups import service as groups
from forum.notifications import queries
from forum.notifications.preferences import service
from forum.notifications.preferences.queries import watched_groups
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from forum.threads.models import Post
from tests.support import factories as make


class Watched:
    """A group with a facilitator, an author and a member; `slug` is its address."""

    def __init__(self) -> None:
        self.group = make.group()
        self.facilitator = make.join(make.person(), self.group, "facilitator")
        self.author, self.member = (make.join(make.person(), self.group) for _ in range(2))
        self.slug = watched_groups(self.member)[0].slug

    def begin(self, **words: object) -> int:
        """Return a new thread of the author."""
        return make.thread(self.author, self.group, **words).thread_id

    def watch(self, viewer: Viewer, level: str) -> None:
        """Choose for somebody."""
        service.watch_group(viewer, self.slug, level)


@pytest.fixture
def watched(app: Flask) -> Watched:
    """Return a group that is watched."""
    return Watched()


def told(viewer: Viewer) -> list[str]:
    """Return the types of somebody's lines."""
    return [line.type for line in queries.lines(viewer)]


def test_facilitators_watch_by_default_and_members_by_choice(watched: Watched) -> None:
    watched.begin()
    assert (told(watched.facilitator), told(watched.member)) == (["new_thread"], [])
    assert told(watched.author) == []
    watched.watch(watched.facilitator, "mine")
    watched.watch(watched.member, "all")
    watched.begin()
    assert (told(watched.facilitator), told(watched.member)) == (["new_thread"], ["new_thread"])
    assert [one.level for one in watched_groups(watched.member)] == ["all"]


def test_replies_add_no_line_of_it(watched: Watched) -> None:
    thread = watched.begin()
    make.post(watched.member, thread)
    make.post(watched.author, thread)
    assert told(watched.facilitator) == ["new_thread"]


def test_whoever_is_named_is_told_that_alone(watched: Watched) -> None:
    watched.begin(body=f"Hello @{watched.facilitator.handle}")
    assert told(watched.facilitator) == ["mention"]


def test_nothing_means_no_replies_either_and_mentions_still(watched: Watched) -> None:
    thread = make.thread(watched.member, watched.group).thread_id
    watched.watch(watched.member, "nothing")
    make.post(watched.author, thread)
    assert told(watched.member) == []
    make.post(watched.author, thread, body=f"Hello @{watched.member.handle}")
    assert told(watched.member) == ["mention"]


def test_whoever_mutes_or_is_blocked_or_left_hears_nothing(watched: Watched) -> None:
    watched.watch(watched.member, "all")
    accounts.mute(watched.member, watched.author.id or 0)
    accounts.block(watched.author, watched.facilitator.id or 0)
    gone = make.join(make.person(), watched.group)
    watched.watch(gone, "all")
    groups.leave(gone, watched.group)
    watched.begin()
    assert (told(watched.member), told(watched.facilitator), told(gone)) == ([], [], [])


def test_a_hidden_post_is_not_listed(watched: Watched) -> None:
    watched.watch(watched.member, "all")
    thread = watched.begin()
    post = current_session().scalars(select(Post.id).where(Post.thread_id == thread)).one()
    threads.delete_post(watched.author, post)
    assert told(watched.member) == []


def test_what_was_brought_in_is_not_told(watched: Watched) -> None:
    watched.begin(at=clock.now() - timedelta(days=3))
    assert told(watched.facilitator) == []


def test_a_thread_that_waited_is_told_once_it_is_approved(watched: Watched) -> None:
    moderator = make.join(make.person(), watched.group, "moderator")
    watched.watch(watched.member, "all")
    groups.edit_group(moderator, watched.group, premoderate_first_posts=True)
    thread = watched.begin()
    assert told(watched.member) == []
    post = current_session().scalars(select(Post.id).where(Post.thread_id == thread)).one()
    pre_moderation.approve(moderator, post)
    assert told(watched.member) == ["new_thread"]


def test_only_members_choose_and_only_what_there_is(watched: Watched) -> None:
    with pytest.raises(NotFound):
        watched.watch(make.person(), "all")
    with pytest.raises(Invalid):
        watched.watch(watched.member, "some")


def test_the_page_of_a_group(app: Flask, watched: Watched) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    make.log_in(browser := app.test_client(), watched.member)
    page = f"/groups/{watched.slug}/watching"
    assert "Replies in threads you follow" in browser.get(page).text
    assert browser.post(page, data={"level": "all"}).status_code == 303
    assert browser.get(page, headers={"Accept": "application/json"}).get_json() == {"level": "all"}
    assert browser.post(page, data={"level": "x"}).status_code == 422
    assert "New threads, and replies" in browser.get("/notifications/preferences").text
