"""How long approval usually takes in a group, and in which words that is said."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.core import clock
from forum.core.db import transaction
from forum.threads.approval import review_stats
from forum.threads.models import APPROVED, DECLINED, PostReview
from forum.threads.posts import fragments
from tests.support import factories as make


def test_the_middle_of_the_last_approvals_is_usual(app: Flask) -> None:
    group, other = make.group(), make.group()
    author = make.join(make.person(), group)
    thread = make.thread(author, group).thread_id
    now = clock.now()

    def decided(minutes: int, *, outcome: str = APPROVED, where: int = group) -> None:
        post = make.post(author, thread).id
        since = now - timedelta(minutes=minutes)
        row = PostReview(post_id=post, group_id=where, pending_since=since, decided_at=now)
        row.outcome = outcome
        with transaction() as session:
            session.add(row)

    decided(10)
    decided(500)
    decided(1, outcome=DECLINED)
    decided(1, where=other)
    assert review_stats.usual_wait_minutes(group) is None, "two say nothing of what is usual"
    decided(40)
    assert review_stats.usual_wait_minutes(group) == 40
    assert review_stats.usual_wait_minutes(other) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, ""),
        (0, "a minute"),
        (2, "2 minutes"),
        (54, "an hour"),
        (150, "2 hours"),
        (1_300, "a day"),
        (4_000, "3 days"),
    ],
)
def test_it_is_said_in_the_largest_unit(minutes: int | None, words: str) -> None:
    assert fragments._duration(minutes) == words
