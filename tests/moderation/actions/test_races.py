"""The moment in which a thread is reviewed, or joined while somebody leaves for good."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Account
from forum.core import db
from forum.core.errors import Refusal
from forum.moderation.actions import service
from forum.moderation.second_approval import pending_actions
from forum.privacy import service as privacy
from forum.threads import service as writing
from forum.threads.models import Thread
from forum.threads.posts.post_creation import PostRef
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once
from tests.support.suite.thoroughness import EVERY_CASE
from tests.support.worlds.moderation_world import moderation_world as acting
from tests.support.worlds.restructuring_world import check_counts, restructuring_world

ROUNDS = 2 if EVERY_CASE else 1


@pytest.mark.every_case
@pytest.mark.parametrize("action", ["review", "merge"])
def test_a_reply_of_the_same_moment_does_not_slip_past_the_review(app: Flask, action: str) -> None:
    _, people, place = acting()
    older = place.thread_id
    if action == "merge":
        newer = make.thread(people["member"], threads_group(older)).thread_id
        service.take_action(people["facilitator"], "review", newer)
    db.release_session()

    def reply() -> PostRef:
        try:
            return writing.post_reply(people["member"], older, body="In the same moment")
        finally:
            db.release_session()

    with ThreadPoolExecutor(1) as pool:
        with db.transaction():
            value = str(newer) if action == "merge" else ""
            assert service.take_action(people["moderator"], action, older, value=value).log_entry_id
            replying = pool.submit(reply)
            with pytest.raises(TimeoutError):
                replying.result(0.2)  # it waits for the thread
        assert replying.result(10).number is None
    for who in ("moderator", "facilitator"):
        assert writing.post_reply(people[who], older, body="Those who look after it").number


def threads_group(thread_id: int) -> int:
    return db.current_session().scalars(select(Thread.group_id).where(Thread.id == thread_id)).one()


@pytest.mark.every_case
@pytest.mark.parametrize("who", ["author", "keeper", "second", "member"])
@pytest.mark.parametrize("posts", ["remove", "keep"])
def test_an_account_is_erased_while_two_threads_are_merged(
    app: Flask, monkeypatch: pytest.MonkeyPatch, who: str, posts: str
) -> None:
    monkeypatch.setattr(privacy, "confirmed_by", lambda viewer, _password: (viewer.id, ""))
    for _ in range(ROUNDS):
        room = restructuring_world()
        people = room.people
        older, newer = (make.thread(people[one], room.here).thread_id for one in ("both", "second"))
        for _ in range(5):
            for thread in (newer, older):
                make.post(people["author"], thread)
                theirs = make.post(people["second"], thread).id
                writing.react(people["member"], theirs, "hug", on=True)
        make.post(people["keeper"], newer)
        asked = (
            service.take_action(
                people["keeper"], "merge", newer, value=str(older)
            ).pending_action_id
            or 0
        )
        db.release_session()
        answers: list[Any] = run_at_once(
            partial(pending_actions.answer, people["administrator"], asked, confirm=True),
            partial(privacy.erase_myself, people[who], posts=posts, password="", confirmed=True),
        )
        confirmed, erased = answers
        assert isinstance(erased, str)
        assert isinstance(confirmed, int | Refusal)
        assert db.current_session().get(Account, people[who].id) is None
        check_counts(room)
