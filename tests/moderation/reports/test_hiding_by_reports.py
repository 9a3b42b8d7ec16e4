"""Three members who report a post independently of each other hide it until somebody looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forum.accounts.models import Account
from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock, db
from forum.core.db import current_session, transaction
from forum.core.errors import Invalid, NotFound
from forum.groups.models import Invitation, Membership
from forum.moderation.actions import available_actions, service
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.models import AuditLogEntry
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.notifications import queries as notifications
from forum.threads import queries as thread_queries
from forum.threads import service as threads
from forum.threads.posts.post_states import PostState
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.queue_world import QueueWorld

JSON = {"Accept": "application/json"}
REPORTERS = ("reporter", "other", "third")


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    """Return a group of which all members have been here for a month."""
    made = QueueWorld()
    for name in ("third", "fourth"):
        made.people[name] = make.join(make.person(f"{name}one"), made.group)
    with transaction() as session:
        session.execute(update(Account).values(created_at=clock.now() - timedelta(days=30)))
    return made


def change(who: Viewer, **values: object) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.id == who.id).values(**values))


def report_all(room: QueueWorld, post: int = 0, by: tuple[str, ...] = REPORTERS) -> None:
    for name in by:
        room.report(name, post=post)
    db.release_session()


def is_hidden(room: QueueWorld, post: int = 0) -> bool:
    db.release_session()
    found = thread_queries.post_for(room["moderator"], post or room.post)
    return found.state == PostState.HIDDEN


def entry(room: QueueWorld) -> AuditLogEntry:
    (row,) = current_session().scalars(
        select(AuditLogEntry).where(AuditLogEntry.action == "hide_by_reports")
    )
    return row


def test_the_third_report_hides_a_post_from_all_who_do_not_moderate(room: QueueWorld) -> None:
    report_all(room, by=("reporter", "other"))
    assert not is_hidden(room)
    room.report("third")
    assert is_hidden(room)
    for name in ("reporter", "other", "third", "fourth"):
        with pytest.raises(NotFound):
            thread_queries.post_for(room[name], room.post)
    with pytest.raises(NotFound):
        thread_queries.post_for(VISITOR, room.post)
    assert thread_queries.post_for(room["author"], room.post).body == "Sharp words"
    assert room.reported().is_open  # somebody still has to look


def test_it_is_in_the_log_as_done_by_nobody(room: QueueWorld, app: Flask) -> None:
    report_all(room)
    row = entry(room)
    assert (row.by_id, row.approver_id, row.person_id) == (None, None, room["author"].id)
    assert (row.before, row.after, row.reason) == ({"hidden": False}, {"hidden": True}, "")
    client = app.test_client()
    make.log_in(client, room["moderator"])
    page = client.get("/moderation/log").text
    assert "A post was hidden after three members had reported it" in page
    assert "By the forum itself" in page
    history = client.get(f"/posts/{room.post}/history").text
    assert "<strong>Hidden</strong> by the forum itself" in history
    assert "Three members reported it" in history
    for name in REPORTERS:
        assert room[name].handle not in page + history


def test_its_author_is_told_kindly_and_once(room: QueueWorld, app: Flask) -> None:
    report_all(room)
    assert [line.type for line in notifications.lines(room["author"])] == ["hidden_by_reports"]
    (row,) = appeal_queries.entries_about(room["author"])
    assert row.action == "hide_by_reports"
    client = app.test_client()
    make.log_in(client, room["author"])
    page = client.get("/moderation/mine").text
    assert "Nobody has made a decision yet." in page
    assert "until a moderator has looked at it" in client.get("/notifications").text
    for name in REPORTERS:
        assert room[name].handle not in page


def test_a_moderator_undoes_it_and_later_reports_leave_it(room: QueueWorld) -> None:
    report_all(room)
    appeals_undo.undo(room["moderator"], entry(room).id)
    assert not is_hidden(room)
    assert thread_queries.post_for(room["reporter"], room.post).body == "Sharp words"
    room.report("fourth")
    assert not is_hidden(room)


@pytest.mark.parametrize("resolved", [False, True])
def test_what_a_moderator_shows_again_stays_until_it_is_changed(
    room: QueueWorld, resolved: bool
) -> None:
    report_all(room)
    service.take_action(room["moderator"], "restore", room.post)
    if resolved:
        queue.resolve(room["moderator"], room.reported().id, outcome="nothing")
        report_all(room)
    room.report("fourth")
    assert not is_hidden(room)
    threads.edit_post(room["author"], room.post, body="Sharper words")
    room.report("fourth", reason="abuse")
    assert is_hidden(room)


def test_a_report_that_was_resolved_was_looked_at(room: QueueWorld) -> None:
    report_all(room, by=("reporter",))
    queue.resolve(room["moderator"], room.reported().id, outcome="nothing")
    report_all(room)
    assert not is_hidden(room)


def test_who_has_claimed_the_reports_is_looking(room: QueueWorld) -> None:
    report_all(room, by=("reporter", "other"))
    queue.claim(room["moderator"], room.reported().id)
    room.report("third")
    assert not is_hidden(room)


def test_posts_that_may_speak_of_suicide_are_never_hidden(room: QueueWorld) -> None:
    post = make.post(room["author"], room.thread, body="I don't want to live any more.").id
    report_all(room, post)
    assert not is_hidden(room, post)
    opening = make.thread(room["author"], room.group, title="I want to kill myself", body="Bye").id
    report_all(room, opening)
    assert not is_hidden(room, opening)


def test_what_a_member_fears_for_is_never_hidden(room: QueueWorld) -> None:
    room.report("reporter", "harm_self")
    report_all(room, by=("other", "third", "fourth"))
    assert not is_hidden(room)


def test_words_that_were_of_danger_before_an_edit_are_not_hidden(room: QueueWorld) -> None:
    post = make.post(room["author"], room.thread, body="I don't want to live any more.").id
    threads.edit_post(room["author"], post, body="Never mind")
    report_all(room, post)
    assert not is_hidden(room, post)


def new_account(room: QueueWorld) -> None:
    change(room["third"], created_at=clock.now() - timedelta(days=6))


def suspended(room: QueueWorld) -> None:
    change(room["other"], suspended_until=clock.now() + timedelta(days=1))


def left_the_group(room: QueueWorld) -> None:
    with transaction() as session:
        session.delete(session.get_one(Membership, (room["other"].id, room.group)))


def same_mailbox(room: QueueWorld) -> None:
    change(room["other"], email="someone@example.org")
    change(room["third"], email="someone+again@example.org")


def invited(room: QueueWorld, names: tuple[str, ...], by: str) -> None:
    now, digest = clock.now(), f"{by} {names}"
    with transaction() as session:
        link = Invitation(group_id=room.group, made_by_id=room[by].id, digest=digest, uses_left=0)
        link.created_at = link.expires_at = now
        session.add(link)
        session.flush()
        for name in names:
            session.get_one(Membership, (room[name].id, room.group)).invitation_id = link.id


def one_invited_the_other(room: QueueWorld) -> None:
    invited(room, ("third",), "reporter")


def the_same_invitation(room: QueueWorld) -> None:
    invited(room, ("other", "third"), "moderator")


def through_others(room: QueueWorld) -> None:
    invited(room, ("author",), "other")
    invited(room, ("third",), "author")


def the_same_former_moderator(room: QueueWorld) -> None:
    invited(room, ("other",), "author")
    invited(room, ("third",), "author")


CONNECTIONS = [
    new_account,
    suspended,
    left_the_group,
    same_mailbox,
    one_invited_the_other,
    the_same_invitation,
    through_others,
    the_same_former_moderator,
]


@pytest.mark.parametrize("connect", CONNECTIONS)
def test_three_who_are_not_three_do_not_count(
    room: QueueWorld, connect: Callable[[QueueWorld], None]
) -> None:
    report_all(room, by=("reporter", "other"))
    connect(room)
    room.report("third")
    assert not is_hidden(room)
    room.report("fourth")
    assert is_hidden(room)


def test_who_moderates_invites_everybody_and_connects_nobody(room: QueueWorld) -> None:
    for name in REPORTERS:
        invited(room, (name,), "moderator")
    report_all(room)
    assert is_hidden(room)


def test_a_circle_of_invitations_ends(room: QueueWorld) -> None:
    invited(room, ("other",), "third")
    invited(room, ("third",), "other")
    report_all(room)
    assert not is_hidden(room)


def test_five_in_a_night_are_reported_themselves(room: QueueWorld) -> None:
    for n in range(6):
        assert [one for one in room.kinds("moderator") if one == "many_hidden"] == (
            ["many_hidden"] if n >= 5 else []
        )
        report_all(room, make.post(room["author"], room.thread).id)
    (item,) = [
        one for one in queue_queries.open_items(room["moderator"]) if one.kind == "many_hidden"
    ]
    assert item.about_id == item.target_id == room["author"].id
    queue.resolve(room["moderator"], item.id, outcome="spoken")
    report_all(room, make.post(room["author"], room.thread).id)
    assert "many_hidden" not in room.kinds("moderator")


def test_the_item_has_a_page(room: QueueWorld, client: FlaskClient) -> None:
    for _ in range(5):
        report_all(room, make.post(room["author"], room.thread).id)
    item = next(
        one for one in queue_queries.open_items(room["moderator"]) if one.kind == "many_hidden"
    )
    make.log_in(client, room["moderator"])
    for address in ("/moderation", f"/moderation/queue/{item.id}"):
        page = client.get(address).text
        assert "Many posts hidden after reports: " in page
        assert "authorone" in page


def test_nobody_can_choose_it(room: QueueWorld) -> None:
    for name in ("facilitator", "moderator", "administrator"):
        offered = available_actions.offer(room[name], "post", room.post)
        assert "hide_by_reports" not in offered.actions
        with pytest.raises(Invalid):
            service.take_action(room[name], "hide_by_reports", room.post)
    assert not is_hidden(room)


@pytest.mark.parametrize("headers", [{}, JSON])
def test_through_the_doors(app: Flask, room: QueueWorld, headers: dict[str, str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answers = []
    for name in REPORTERS:
        client = app.test_client()
        make.log_in(client, room[name])
        sent = {"reason": "unkind"}
        answers.append(client.post(f"/posts/{room.post}/report", data=sent, headers=headers))
    assert [answer.status_code for answer in answers] == [201 if headers else 200] * 3
    assert is_hidden(room)
    if not headers:
        back = f'href="/posts/{room.post}"'
        assert [back in answer.text for answer in answers] == [True, True, False]
    else:
        assert {answer.get_data() for answer in answers} == {answers[0].get_data()}


def test_two_third_reports_at_once_hide_it_once(room: QueueWorld) -> None:
    report_all(room, by=("reporter", "other"))
    answers = run_at_once(lambda: room.report("third"), lambda: room.report("fourth"))
    assert is_hidden(room)
    assert entry(room)
    assert [type(one) for one in answers if not isinstance(one, int)] == [NotFound]
    assert room.reported().reports == 3
    assert len(list(notifications.lines(room["author"]))) == 1
