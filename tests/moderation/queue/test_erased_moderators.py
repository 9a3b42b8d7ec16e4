"""What a moderator or reporter who erases their account leaves in the queue."""

from flask import Flask
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.db import current_session, transaction
from forum.moderation.queue import erasure
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue_items.models import QueueTransition
from forum.moderation.reports.models import Report
from tests.support.worlds.queue_world import QueueWorld


def erase(who: Viewer) -> None:
    with transaction() as session:
        for _step in erasure.anonymise_reports(session, who.id or 0):
            pass
    db.release_session()


def test_what_they_had_claimed_waits_for_others_and_their_notes_are_gone(app: Flask) -> None:
    room = QueueWorld()
    room.report()
    item = room.reported().id
    queue.hand_over(room["moderator"], item, note="A private thought")
    queue.claim(room["moderator"], item)
    erase(room["moderator"])
    assert queue_queries.item_for(room["second"], item).claimed_by_id is None
    steps = current_session().scalars(select(QueueTransition)).all()
    assert {step.by_id for step in steps} == {None}
    assert {step.note for step in steps} == {""}
    queue.claim(room["second"], item)


def test_a_report_stays_without_its_words_and_its_reporter(app: Flask) -> None:
    room = QueueWorld()
    room.report(words="I know who this is")
    erase(room["reporter"])
    (report,) = current_session().scalars(select(Report))
    assert (report.details, report.reporter_id, report.reason) == ("", None, "unkind")
    assert room.reported().reports == 1


def test_who_has_neither_claimed_nor_reported_changes_nothing(app: Flask) -> None:
    room = QueueWorld()
    room.report()
    queue.claim(room["moderator"], room.reported().id)
    before = queue_queries.last_version(room["second"])
    erase(room["other"])
    assert room.reported().claimed_by_id == room["moderator"].id
    assert queue_queries.last_version(room["second"]) == before
