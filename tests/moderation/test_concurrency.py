"""What two people do in the same moment, and what follows a conversation about."""

from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import db
from forum.core.errors import Conflict
from forum.moderation.actions import service
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.canned_reasons import service as canned_reasons
from forum.moderation.queue_items.models import REPORT, QueueItem
from forum.moderation.reports import service as reports
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.restructuring_world import (
    restructuring_world,
    slug_of,
    state_of_threads,
    thread_with_posts,
)


def test_a_report_made_while_its_thread_moves_waits_where_it_is_then(app: Flask) -> None:
    room = restructuring_world(there={"visibility": "approval"})
    thread, post, _ = thread_with_posts(room, "one", "two")
    begun = Event()

    def tell() -> None:
        begun.wait()
        reports.report(room.people["both"], "post", post, reason="unkind")
        db.release_session()

    reporting = Thread(target=tell)
    reporting.start()
    with db.transaction():
        service.take_action(room.people["keeper"], "move", thread, value=slug_of(room.there))
        begun.set()
        reporting.join(0.3)  # it waits for the move, or goes to the group that is left
    reporting.join()
    db.release_session()
    entries = select(QueueItem.group_id).where(QueueItem.kind == REPORT)
    assert db.current_session().scalars(entries).all() == [room.there]


def test_two_who_change_the_reasons_at_once_meet_no_fault(app: Flask) -> None:
    keepers = [make.administrator() for _ in range(2)]
    db.release_session()
    lists = ["One\nTwo", "Three\nFour"]
    answers = run_at_once(
        *(
            lambda one=one, words=words: canned_reasons.set_reasons(one, words)
            for one, words in zip(keepers, lists, strict=True)
        )
    )
    assert all(one is None or isinstance(one, Conflict) for one in answers)
    assert "\n".join(canned_reasons.reasons()) in lists


def test_joins_that_were_made_one_upon_another_are_undone_in_the_group_moved_to(
    app: Flask,
) -> None:
    room = restructuring_world()
    one, two, three = (thread_with_posts(room, f"{name}1", f"{name}2")[0] for name in "abc")
    before = state_of_threads(room)
    later = room.act("keeper", "merge", three, str(two))
    last = room.act("keeper", "merge", two, str(one))
    moved = room.act("keeper", "move", one, slug_of(room.there))
    room.undo("keeper", last)
    room.undo("keeper", later)
    room.act("keeper", "merge", two, str(three))
    room.undo("keeper", room.act("keeper", "merge", one, str(two)))
    room.undo("keeper", moved)
    there = {thread[0] for thread in state_of_threads(room)["threads"] if thread[1] == room.there}
    assert there == {two}
    assert {post[0] for post in state_of_threads(room)["posts"]} == {
        post[0] for post in before["posts"]
    }


@pytest.mark.parametrize("given", ["Wren-In-Rain", "wren-in-rain", "WREN-IN-RAIN"])
def test_the_log_is_searched_by_name_however_it_is_written(app: Flask, given: str) -> None:
    group = make.group()
    moderator = make.join(make.person("Wren-in-Rain"), group, "moderator")
    service.take_action(moderator, "hide", make.thread(make.join(make.person(), group), group).id)
    keeper = make.administrator()
    assert len(log.find(keeper, LogFilter(by=given))) == 1
    assert log.find(keeper, LogFilter(person=given)) == []
