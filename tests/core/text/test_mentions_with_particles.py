"""Names with words written on to them, as in Japanese, Korean, Thai and Chinese."""

import pytest
from flask import Flask

from forum.accounts import service
from forum.accounts.policy import Viewer
from forum.core.background.jobs import runner
from forum.core.db import current_session, release_session
from forum.core.errors import NotFound
from forum.groups.profiles import queries as profiles
from forum.privacy import service as privacy
from forum.threads.models import Post
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.worlds.account_forms import PASSWORD

RUNNING_ON = [
    ("さくら", "@さくらさん、おはよう"),
    ("さくら", "ねえ@さくらはどう思う"),
    ("민수", "@민수가 왔다"),
    ("สมชาย", "ขอบคุณ@สมชายครับ"),
    ("小明", "@小明你好"),
    ("健太郎", "@健太郎くんへ"),
]


def member(group: int, handle: str | None = None) -> Viewer:
    """Return a new member of a group."""
    return make.join(make.person(handle, password=PASSWORD), group)


def words_of(post_id: int) -> str:
    """Return what a post says now."""
    release_session()
    return current_session().get_one(Post, post_id).body


@pytest.mark.parametrize(("handle", "body"), RUNNING_ON)
def test_words_behind_a_name_keep_nobody_from_being_called(
    app: Flask, handle: str, body: str
) -> None:
    group = make.group()
    author, named = member(group), member(group, handle)
    make.post(author, make.thread(author, group).thread_id, body=body)
    assert notification_badge.unread(named.id or 0) == 1
    name = body.partition("@")[2].partition("、")[0].split()[0]
    assert profiles.profile_named(author, name).handle == handle
    with pytest.raises(NotFound):
        profiles.profile_named(author, handle[:1])


def test_the_longest_handle_is_meant_and_another_is_left_alone(app: Flask) -> None:
    group = make.group()
    author, short, long = (member(group, name) for name in (None, "さくら", "さくらこ"))
    thread = make.thread(author, group).thread_id
    post = make.post(author, thread, body="@さくらこさん and @さくらこ").id
    assert [notification_badge.unread(one.id or 0) for one in (short, long)] == [0, 1]
    both = make.post(author, thread, body="@さくらさん、@さくらこさん").id
    service.change_handle(short, "もみじ")
    runner.run()
    assert words_of(both) == "@もみじさん、@さくらこさん"
    privacy.erase_myself(long, posts="keep", password=PASSWORD, confirmed=True)
    runner.run()
    assert words_of(both) == "@もみじさん、a former memberさん"
    assert words_of(post) == "a former memberさん and a former member"
