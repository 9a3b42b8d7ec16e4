"""What comes into the queue by itself, and what the facts settle there."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.groups import service as groups
from forum.groups.models import JoinRequest
from forum.moderation.actions import service as moderation
from forum.moderation.queue import (
    item_detail,
    post_triggers,
)
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.watched_words import service as watched_words
from forum.threads import queries as thread_queries
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from forum.threads.posts import pending_edits
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def test_danger_is_a_crisis_and_for_moderators_alone(room: QueueWorld) -> None:
    queue_triggers.add_crisis_alert(room.risk())
    queue_triggers.add_crisis_alert(room.risk())
    first = queue_queries.open_items(room["moderator"])[0]
    assert (first.kind, first.urgency, first.distressing) == (
        "crisis_alert",
        queue_policy.CRISIS,
        True,
    )
    assert room.kinds("administrator").count("crisis_alert") == 1
    for name in ("facilitator", "author", "elsewhere", "reporter"):
        assert "crisis_alert" not in room.kinds(name)


def test_a_newcomers_first_post_waits_for_an_answer_by_another_member(room: QueueWorld) -> None:
    new = make.join(make.person(), room.group)
    thread = make.thread(new, room.group).thread_id
    assert waiting(room, new) == ["unanswered"]
    make.post(new, thread)
    assert waiting(room, new) == ["unanswered"]
    make.post(room["other"], thread)
    assert waiting(room, new) == []
    last = queue_queries.resolved_items(room["moderator"])[0]
    assert (last.kind, last.outcome) == ("unanswered", "answered")


def test_a_first_post_that_is_gone_waits_for_nobody(room: QueueWorld) -> None:
    new = make.join(make.person(), room.group)
    first = make.thread(new, room.group)
    threads.hide_post(room["moderator"], first.id)
    queue_triggers.sweep()
    assert waiting(room, new) == []
    last = queue_queries.resolved_items(room["moderator"])[0]
    assert (last.kind, last.outcome) == ("unanswered", "gone")
    with pytest.raises(Conflict, match="resolved itself"):
        queue.reopen(room["moderator"], last.id)
    threads.restore_post(room["moderator"], first.id)
    assert waiting(room, new) == ["unanswered"]
    threads.delete_post(new, first.id)
    assert waiting(room, new) == []


def test_a_first_post_of_a_former_member_leaves_the_queue(room: QueueWorld) -> None:
    new = make.join(make.person(), room.group)
    make.thread(new, room.group)
    groups.leave(new, room.group)
    queue_triggers.sweep()
    assert waiting(room, new) == []


def test_members_with_posts_elsewhere_are_not_newcomers(room: QueueWorld) -> None:
    known = make.join(make.person(), room.group)
    for _ in range(3):
        make.post(room["other"], make.thread(known, room.group).thread_id)
    make.thread(known, room.group)
    assert waiting(room, known) == []


def test_a_first_post_that_waits_becomes_more_urgent(room: QueueWorld) -> None:
    for hours, urgency in ((0, 3), (4, 2), (12, 1), (500, 1)):
        risen = queue_policy.urgency_after("unanswered", queue_policy.LOW, timedelta(hours=hours))
        assert risen == urgency


def test_what_was_looked_at_does_not_come_back(room: QueueWorld) -> None:
    new = make.join(make.person(), room.group)
    make.thread(new, room.group)
    item = next(
        one for one in queue_queries.open_items(room["moderator"]) if one.about_id == new.id
    )
    queue.resolve(room["moderator"], item.id, outcome="nothing")
    queue_triggers.sweep()
    assert waiting(room, new) == []


def test_the_sweep_finds_what_a_stopped_server_has_missed(
    room: QueueWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched_words.set_words(room["facilitator"], room.group, "voucher")
    new, asking = make.join(make.person(), room.group), make.person()
    with monkeypatch.context() as away:
        away.setattr("forum.core.background.periodic.soon", lambda *_: None)
        thread = make.thread(new, room.group, body="A free voucher").thread_id
    post_triggers._unchecked.clear()
    with transaction() as session:
        session.add(JoinRequest(account_id=asking.id, group_id=room.group, created_at=clock.now()))
    assert waiting(room, new) == waiting(room, asking) == []
    for _ in range(2):
        queue_triggers.sweep()
        assert sorted(waiting(room, new)) == ["unanswered", "watched_word"]
        assert waiting(room, asking) == ["join_request"]
    with monkeypatch.context() as away:
        away.setattr("forum.core.background.periodic.soon", lambda *_: None)
        make.post(room["other"], thread)
    post_triggers._unchecked.clear()
    queue_triggers.sweep()
    assert waiting(room, new) == ["watched_word"]


def test_what_an_importer_brings_notifies_nobody(room: QueueWorld) -> None:
    new = make.join(make.person(), room.group)
    watched_words.set_words(room["moderator"], room.group, "voucher")
    long_ago = clock.now() - timedelta(days=40)
    threads.start_thread(new, room.group, title="Old", body="A voucher", at=long_ago)
    queue_triggers.sweep()
    assert waiting(room, new) == []


def test_requests_to_join_come_and_go(room: QueueWorld) -> None:
    closed = make.group(visibility="approval")
    host = make.join(make.person(), closed, "facilitator")
    for settle in (groups.accept_request, groups.decline_request, None):
        asking = make.person()
        groups.ask_to_join(asking, closed, "May I come in?")
        item = queue_queries.open_items(host)[0]
        assert (item.kind, item.about_id) == ("join_request", asking.id)
        thing = item_detail.detail_of(host, item)
        assert (thing.handle, thing.words) == (asking.handle, "May I come in?")
        if settle:
            settle(host, closed, asking.id or 0)
        else:
            groups.leave(asking, closed)
        assert queue_queries.open_items(host) == []
    assert "join_request" not in room.kinds("moderator")


def test_watched_words_bring_a_post_and_do_nothing_else_to_it(room: QueueWorld) -> None:
    watched_words.set_words(room["facilitator"], room.group, "Gift card\ncrypto")
    place = make.post(room["author"], room.thread, body="I have a GÍFT  card for you")
    assert waiting(room, room["author"]) == ["watched_word"]
    item = next(
        one for one in queue_queries.open_items(room["moderator"]) if one.kind == "watched_word"
    )
    assert item_detail.detail_of(room["moderator"], item).watched_words == ["Gift card"]
    post = thread_queries.post_for(room["other"], place.id)
    assert (post.state, post.body) == ("published", "I have a GÍFT  card for you")
    queue.resolve(room["moderator"], item.id, outcome="nothing")
    threads.edit_post(room["author"], place.id, body="I have a gift card, still")
    assert waiting(room, room["author"]) == ["watched_word"]


def test_words_changed_after_an_approval_are_reviewed_again(room: QueueWorld) -> None:
    groups.edit_group(room["facilitator"], room.group, premoderate_first_posts=True)
    new = make.join(make.person(), room.group)
    place = make.post(new, room.thread, body="Harmless")
    threads.edit_post(new, place.id, body="Harmless still")
    pre_moderation.approve(room["facilitator"], place.id)
    assert waiting(room, new) == []
    make.post(new, room.thread, body="At home now")  # else the edits themselves would wait
    moderation.take_action(
        room["moderator"], "edit", place.id, reason="A name", value="Harmless now"
    )
    assert waiting(room, new) == []
    for words in ("Not so harmless", "Worse"):
        for _ in range(2):
            shown = pending_edits.content_version(thread_queries.post_for(new, place.id))
            threads.edit_post(new, place.id, body=words, shown=shown)
            assert waiting(room, new) == ["edited_since"]
        item = next(one for one in queue_queries.open_items(room["moderator"]) if one.about_id)
        queue.resolve(room["moderator"], item.id, outcome="nothing")
        queue_triggers.sweep()
        assert waiting(room, new) == []
    unlooked = make.post(room["author"], room.thread, body="Long here")
    threads.edit_post(room["author"], unlooked.id, body="Long here, changed")
    assert waiting(room, room["author"]) == []


def test_their_author_does_not_learn_of_watched_words(app: Flask, room: QueueWorld) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    watched_words.set_words(room["facilitator"], room.group, "unmistakableword")
    client = app.test_client()
    make.log_in(client, room["author"])
    answer = client.post(
        f"/threads/{room.thread}/replies",
        data={"body": "An unmistakableword here"},
        headers={"Accept": "application/json"},
    )
    assert set(answer.json or {}) == {"id", "number", "version", "html", "said", "undo"}
    assert (answer.json or {})["said"] == "Reply sent."
    assert waiting(room, room["author"]) == ["watched_word"]
    for path in (f"/threads/{room.thread}", "/notifications"):
        assert "watched_word" not in client.get(path).text
        assert "watch word" not in client.get(path).text.casefold()


@pytest.mark.parametrize("name", ["author", "reporter", "elsewhere", "outsider"])
def test_only_moderators_see_watched_words(room: QueueWorld, name: str) -> None:
    with pytest.raises(Forbidden):
        watched_words.words_for(room[name], room.group)
    with pytest.raises(Forbidden):
        watched_words.set_words(room[name], room.group, "a word")


def test_lists_of_words_are_bounded(room: QueueWorld) -> None:
    for wrong in ("…", "a b c d e f g", "x" * 61, "\n".join(f"word{n}" for n in range(201))):
        with pytest.raises(Invalid) as refused:
            watched_words.set_words(room["moderator"], room.group, wrong)
        assert "words" in refused.value.fields
    watched_words.set_words(room["moderator"], room.group, " Café \n\n cafe\nCAFÉ ")
    assert watched_words.words_for(room["moderator"], room.group) == ["Café"]
    watched_words.set_words(room["moderator"], room.group, "")
    assert watched_words.words_for(room["moderator"], room.group) == []


@pytest.mark.parametrize(
    ("body", "word", "there"),
    [
        ("Stop it now", "stop", True),
        ("Unstoppable", "stop", False),
        ("non-stop", "stop", True),
        ("naïve plans", "NAIVE", True),
        ("Straße", "strasse", True),
        ("st\u00adop", "stop", True),
        ("st\u200bop", "stop", True),
        ("kill, my\nself", "my self", True),
        ("kill myself", "my self", False),
        ("don\u2019t", "don t", True),
        ("", "stop", False),
    ],
)
def test_whole_words_match_whatever_their_case_and_accents(
    body: str, word: str, there: bool
) -> None:
    assert (watched_words.find(body, [word]) == [word]) == there


@given(
    st.text(max_size=60),
    st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=12),
)
def test_a_word_is_found_in_any_company(around: str, word: str) -> None:
    if watched_words.fold(word):
        assert watched_words.find(f"{around} {word} {around}", [word]) == [word]


def test_the_longest_text_against_the_longest_list_is_quick() -> None:
    watched = [f"first{n} second third" for n in range(200)]
    began = clock.now()
    assert watched_words.find("first second third " * 1_050, watched) == []
    assert clock.now() - began < timedelta(seconds=0.5)


def waiting(room: QueueWorld, person: Viewer) -> list[str]:
    """Return what waits about one person."""
    found = queue_queries.open_items(room["administrator"], most=1_000)
    return [item.kind for item in found if item.about_id == person.id]
