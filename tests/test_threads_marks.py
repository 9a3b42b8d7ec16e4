"""What readers keep for themselves, and what lists of threads tell them."""

import pytest

from forum.accounts import separating
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import NotFound
from forum.threads import listing, marks, queries, service
from forum.threads.posting import Place
from tests import factories
from tests.threadpeople import group, opening, owl, robin, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]


def test_drafts_are_kept_until_sent(opening: Place, robin: Viewer, group: int) -> None:
    marks.save_draft(robin, group, opening.thread_id, body="I wanted to s")
    assert queries.thread_for(robin, opening.thread_id).draft_body == "I wanted to s"
    service.post_reply(robin, opening.thread_id, body="I wanted to say hello")
    assert queries.thread_for(robin, opening.thread_id).draft_body is None
    marks.save_draft(robin, group, title="Evenings", body="")
    assert (marks.draft(robin, group) or {})["title"] == "Evenings"
    marks.save_draft(robin, group, title="", body=" ")
    assert marks.draft(robin, group) is None


def test_unread_counts_follow_reading(
    opening: Place, wren: Viewer, robin: Viewer, group: int
) -> None:
    def unread(viewer: Viewer) -> int:
        db.done_reading()
        return int(listing.threads_of(viewer, group, 1)[0].unread)

    assert (unread(wren), unread(robin)) == (0, 1)
    service.post_reply(robin, opening.thread_id, body="one")
    service.post_reply(robin, opening.thread_id, body="two")
    assert (unread(wren), unread(robin)) == (2, 0)
    marks.note_read(wren.id or 0, opening.thread_id, 2)
    assert unread(wren) == 1
    marks.note_read(wren.id or 0, opening.thread_id, 1)
    assert unread(wren) == 1
    marks.note_read(wren.id or 0, opening.thread_id, 3)
    assert unread(wren) == 0


def test_unanswered_threads_wait_first(
    opening: Place, wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    assert [row.id for row in listing.unanswered(owl, 5)] == [opening.thread_id]
    assert listing.unanswered(factories.person(), 5) == []
    service.post_reply(robin, opening.thread_id, body="I hear you")
    db.done_reading()
    assert listing.unanswered(owl, 5) == []


def test_to_mute_whoever_started_it_costs_nobody_the_conversation(
    opening: Place, wren: Viewer, robin: Viewer, group: int
) -> None:
    alone = service.start_thread(wren, group, title="Evenings", body="Better.")
    answer = service.post_reply(robin, opening.thread_id, body="I hear you")
    separating.mute(robin, wren.id or 0)
    assert [row.id for row in queries.posts_between(robin, opening.thread_id, 1, 20)] == [answer.id]
    assert [(row.id, row.author) for row in listing.threads_of(robin, group, 1)] == [
        (opening.thread_id, None)
    ]
    with pytest.raises(NotFound):
        queries.thread_for(robin, alone.thread_id)
