"""What happens a second time to the same thing is news again."""

from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.reports import service as reports
from forum.notifications import queries as notifications
from forum.notifications import service
from forum.research import queries
from forum.research import service as research
from forum.research.studies import group_withdrawal
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.research import study_world


def unread(viewer: Viewer) -> list[str]:
    """Return the kinds of what somebody has not read; the badge says the same."""
    db.release_session()
    kinds = [line.type for line in notifications.lines(viewer) if not line.read]
    assert notification_badge.unread(viewer.id or 0) == len(kinds)
    return kinds


def test_a_second_answer_to_a_report_is_notified_after_the_first(app: Flask) -> None:
    group = make.group()
    author, reporter = (make.join(make.person(), group) for _ in range(2))
    moderator = make.join(make.person(), group, "moderator")
    post = make.thread(author, group)
    reports.report(reporter, "post", post.id, reason="unkind")
    (entry,) = (one for one in queue_queries.open_items(moderator) if one.kind == "report")
    queue.resolve(moderator, entry.id, outcome="nothing")
    assert unread(reporter) == ["report"]
    service.read(reporter)
    queue.reopen(moderator, entry.id)
    assert unread(reporter) == []
    queue.resolve(moderator, entry.id, outcome="acted")
    assert unread(reporter) == ["report"]
    assert unread(author) == []


def test_who_takes_part_in_two_studies_is_notified_of_each_that_their_group_leaves(
    app: Flask,
) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    room.agree(ash)
    study_world.take_part(ash, room.group_id)
    research.give_consent(wren, "company", version=1, clauses=study_world.ALL)
    group_withdrawal.withdraw_group(room.study_id, room.group_id)
    assert (unread(ash), unread(wren)) == (["study_left"], [])
    service.read(ash)
    group_withdrawal.withdraw_group(queries.study_at("company").id, room.group_id)
    assert (unread(ash), unread(wren)) == (["study_left"], ["study_left"])
