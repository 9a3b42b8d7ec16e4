"""Reporting: several reports are one item, the reporter is thanked, told, and never named."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from forum.accounts import service as accounts
from forum.accounts.identity.public_ids import of as named
from forum.accounts.policy import VISITOR
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, LoginNeeded, NotFound, TooMany
from forum.core.realtime.socket_events import socketio
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports import policy as report_policy
from forum.moderation.reports import queries as report_queries
from forum.moderation.reports import service as reports
from forum.moderation.reports.models import Report
from forum.notifications import queries as notifications
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.suite.thoroughness import examples
from tests.support.worlds.queue_world import QueueWorld

SECRET = "onlythereporterwrotethis"


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def test_a_report_comes_to_the_queue_with_its_words_and_without_its_author(
    room: QueueWorld,
) -> None:
    room.report(words="It hurt to read")
    item = room.reported()
    assert (item.reports, item.reasons, item.urgency) == (1, ("unkind",), queue_policy.TODAY)
    assert item.about_id == room["author"].id
    told = report_queries.reports_of(item.id)
    assert [(row.reason, row.details) for row in told] == [("unkind", "It hurt to read")]
    assert set(told[0]._mapping) == {"reason", "details", "created_at"}


def test_several_reports_of_a_target_are_one_item_as_urgent_as_the_worst(room: QueueWorld) -> None:
    for by, reason in (("reporter", "spam"), ("other", "harm_self"), ("facilitator", "unkind")):
        room.report(by, reason)
    assert room.kinds("moderator").count("report") == 1
    item = room.reported()
    assert item.reports == 3
    assert item.urgency == queue_policy.CRISIS
    assert item.distressing
    assert item.reasons == ("harm_self", "unkind", "spam")


def test_a_second_report_changes_the_first(room: QueueWorld) -> None:
    first = room.report(words="Once")
    assert room.report(reason="privacy", words="Twice") == first
    item = room.reported()
    assert item.reports == 1
    assert [row.details for row in report_queries.reports_of(item.id)] == ["Twice"]


def test_after_it_was_resolved_a_report_is_a_new_item(room: QueueWorld) -> None:
    room.report()
    settled = room.reported().id
    queue.resolve(room["moderator"], settled, outcome="nothing")
    room.report()
    assert room.reported().id != settled


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    actions=st.lists(
        st.tuples(
            st.sampled_from(["reporter", "other", "facilitator", "second"]),
            st.sampled_from(sorted(report_policy.REASONS)),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_reports_merge_by_thing_whatever_their_order(
    room: QueueWorld, actions: list[tuple[str, str, int]]
) -> None:
    posts = [make.post(room["author"], room.thread).id for _ in range(3)]
    last: dict[tuple[int, str], str] = {}
    for by, reason, at in actions:
        room.report(by, reason, post=posts[at])
        last[posts[at], by] = reason
    found = {
        one.target_id: one
        for one in queue_queries.open_items(room["moderator"], most=10_000)
        if one.kind == "report" and one.target_id in posts
    }
    assert {post: item.reports for post, item in found.items()} == Counter(post for post, _ in last)
    for post, item in found.items():
        given_reasons = {reason for (there, _), reason in last.items() if there == post}
        assert set(item.reasons) == given_reasons
        urgencies = [
            report_policy.URGENCY_OF_REASON.get(one, queue_policy.TODAY)
            for _, one, at in actions
            if posts[at] == post
        ]
        assert item.urgency == min(urgencies)
    reported = current_session().scalar(select(func.count()).where(QueueItem.target_id.in_(posts)))
    assert reported == len(found)
    with transaction() as session:  # one app serves all examples: leave an empty hour behind
        session.execute(delete(Report))


def test_who_may_not_see_it_cannot_report_it(room: QueueWorld) -> None:
    with pytest.raises(LoginNeeded):
        reports.report(VISITOR, "post", room.post, reason="spam")
    with pytest.raises(NotFound):
        room.report("outsider")
    accounts.block(room["author"], room["reporter"].id or 0)
    with pytest.raises(NotFound):
        room.report()
    assert "report" not in room.kinds("administrator")


def test_what_cannot_be_reported_is_said_kindly(room: QueueWorld) -> None:
    with pytest.raises(Forbidden, match="your own"):
        room.report("author")
    with pytest.raises(Invalid) as refused:
        room.report(reason="because")
    assert refused.value.fields == {"reason": "Choose what fits best."}
    with pytest.raises(Invalid) as refused:
        room.report(words="x" * 1_001)
    assert "words" in refused.value.fields
    with pytest.raises(Invalid):
        reports.report(room["reporter"], "weather", 1, reason="spam")
    threads.delete_post(room["author"], room.post)
    with pytest.raises(Conflict):
        room.report()


def test_more_than_twenty_an_hour_are_too_many(room: QueueWorld) -> None:
    for _ in range(20):
        room.report(post=make.post(room["author"], room.thread).id)
    with pytest.raises(TooMany, match="Get help now"):
        room.report(post=make.post(room["author"], room.thread).id)
    room.report("other")


def test_members_and_profiles_go_to_the_group_that_both_share(room: QueueWorld) -> None:
    for kind in ("member", "profile"):
        reports.report(room["reporter"], kind, room["author"].id or 0, reason="unkind")
    entries = [one for one in queue_queries.open_items(room["moderator"]) if one.kind == "report"]
    assert {one.target_kind for one in entries} == {"member", "profile"}
    assert {one.group_id for one in entries} == {room.group}


def test_reports_of_moderators_go_to_administrators(room: QueueWorld) -> None:
    reports.report(room["reporter"], "member", room["moderator"].id or 0, reason="unkind")
    assert "report" not in room.kinds("second")
    assert "report" not in room.kinds("moderator")
    assert room.kinds("administrator").count("report") == 1


def test_two_groups_in_common_make_it_a_matter_of_the_site(room: QueueWorld) -> None:
    both = make.group()
    for name in ("reporter", "author"):
        make.join(room[name], both)
    reports.report(room["reporter"], "member", room["author"].id or 0, reason="unkind")
    assert "report" not in room.kinds("moderator")
    assert room.kinds("administrator").count("report") == 1


def test_the_reporter_is_notified_of_the_outcome(room: QueueWorld) -> None:
    report_id = room.report()
    item = room.reported()
    queue.resolve(room["moderator"], item.id, outcome="spoken", answer="Thank you for this.")
    line = notifications.lines(room["reporter"])[0]
    assert (line.type, line.about_id) == ("report", report_id)
    assert line.about == "Your report has been reviewed"
    mine = report_queries.own_reports(room["reporter"].id or 0)[0]
    assert (mine.outcome, mine.answer) == ("spoken", "Thank you for this.")
    for other in ("author", "other", "moderator"):
        assert "report" not in [one.type for one in notifications.lines(room[other])]
    queue.reopen(room["moderator"], item.id)
    assert "report" not in [one.type for one in notifications.lines(room["reporter"])]


def test_the_reporter_is_named_nowhere(app: Flask, room: QueueWorld) -> None:
    """Not to the reported, not to moderators, not to administrators, through no door."""
    handle = room["reporter"].handle
    hearing = {}
    for name in ("author", "moderator", "administrator"):
        client = app.test_client()
        make.log_in(client, room[name])
        hearing[name] = client, socketio.test_client(app, flask_test_client=client)
        hearing[name][1].emit("queue:join", {"after": 0}, callback=True)
        hearing[name][1].emit("thread:join", {"thread_id": room.thread}, callback=True)
        hearing[name][1].get_received()
    room.report(words=SECRET)
    item = room.reported().id
    for name, (client, socket) in hearing.items():
        said = [str(socket.get_received())]
        said.append(str(socket.emit("queue:join", {"after": 0}, callback=True)))
        for path in (
            "/moderation",
            f"/moderation/queue/{item}",
            f"/threads/{room.thread}",
            "/notifications",
            "/moderation/reports/mine",
            "/moderation/rota",
            f"/posts/{room.post}/history",
            "/transparency",
        ):
            said += [
                client.get(path, headers={"Accept": accept}).text
                for accept in ("text/html", "application/json")
            ]
        everything = " ".join(said)
        assert handle not in everything, name
        assert (SECRET in everything) == (name != "author")


def test_through_the_forms(app: Flask, room: QueueWorld, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    make.log_in(client, room["reporter"])
    page = client.get(f"/posts/{room.post}/report")
    assert "Report a post by authorone" in page.text
    empty = client.post(f"/posts/{room.post}/report", data={"words": "What I typed"})
    assert empty.status_code == 422
    assert "What I typed" in empty.text
    assert "Choose what fits best." in empty.text
    room.report(by="moderator")
    sent = client.post(f"/posts/{room.post}/report", data={"reason": "harm_self"})
    assert sent.status_code == 200
    assert "Thank you for telling us" in sent.text
    assert "/help-now" in sent.text
    json = client.post(
        f"/reports/new?kind=member&id={named(room['author'].id)}",
        data={"reason": "unkind"},
        headers={"Accept": "application/json"},
    )
    assert json.status_code == 201
    assert (json.json or {})["id"] == 2  # counted among one's own: others' tell nothing here
    mine = client.get("/moderation/reports/mine", headers={"Accept": "application/json"}).json
    assert [one["id"] for one in (mine or {})["reports"]] == [2, 1]
    assert "A moderator hasn" in client.get("/moderation/reports/mine").text
    for wrong in ("kind=post&id=0", "kind=post&id=x", "kind=&id=", "kind=hat&id=1"):
        assert client.get(f"/reports/new?{wrong}").status_code in {404, 422}


def test_another_person_cannot_read_ones_reports(room: QueueWorld, client: FlaskClient) -> None:
    room.report(words=SECRET)
    make.log_in(client, room["other"])
    assert SECRET not in client.get("/moderation/reports/mine").text
