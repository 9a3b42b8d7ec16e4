"""Consent: given, changed, withdrawn, through each door; and nothing recorded without it."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts import service as accounts
from forum.activity.catalogue import ABOUT_OTHERS
from forum.activity.models import ActivityEvent
from forum.core import db
from forum.core.errors import Conflict, Invalid, NotFound
from forum.moderation.actions import service as moderation
from forum.research import queries, service
from forum.research.consent import consent_checks
from forum.research.models import Consent, Participant
from forum.research.recording import reading
from forum.research.studies import planning
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import ALL


def count(table: object) -> int:
    db.release_session()
    number = db.current_session().scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]
    db.release_session()
    return number


def test_nothing_is_recorded_of_who_did_not_agree(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    room.agree(wren)
    place = factories.thread(ash, room.group_id)
    factories.post(ash, place.thread_id)
    threads.react(room.member(), place.id, "hug", on=True)
    reading.open_page(ash.id or 0, room.group_id, place.thread_id)
    assert room.kinds() == ["consent_given"]


def test_what_a_participant_does_is_recorded_in_the_studied_group_alone(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    room.agree(ash)
    room.agree(wren)
    place = factories.thread(ash, room.group_id, body="Four words of mine")
    factories.post(wren, place.thread_id, body="Two words")
    threads.react(wren, place.id, "hug", on=True)
    reading.open_page(ash.id or 0, room.group_id, place.thread_id)
    accounts.open_session(ash.id or 0)
    elsewhere = factories.thread(ash, room.other_id)
    factories.post(wren, elsewhere.thread_id)
    assert room.kinds(ash) == [
        "consent_given",
        "thread_started",
        "reaction_received",
        "thread_read",
        "session",
        "signed_in",
    ]
    assert room.kinds(wren) == ["consent_given", "reply_posted", "reaction_given"]
    reply = room.rows(wren)[1]
    assert (reply["words"], reply["to_newcomer"]) == (2, True)
    assert reply["previous_author"] == queries.participant_key(ash.id or 0, room.study_id)
    assert all(row["group_id"] in {None, room.group_id} for row in room.rows())


@pytest.mark.parametrize("agrees", ["never", "afterwards", "elsewhere"])
def test_answered_authors_are_recorded_only_with_their_consent(app: Flask, agrees: str) -> None:
    room, elsewhere = study_world.study(), study_world.study("rest")
    ash, wren = room.member(), factories.join(room.member(), elsewhere.group_id)
    room.agree(ash)
    place = factories.thread(wren, room.group_id)
    if agrees == "afterwards":
        room.agree(wren)
    if agrees == "elsewhere":
        elsewhere.agree(wren)
    factories.post(ash, place.thread_id)
    (reply,) = (row for row in room.rows(ash) if row["kind"] == "reply_posted")
    assert {name: reply[name] for name in ABOUT_OTHERS} == dict.fromkeys(ABOUT_OTHERS)


def test_who_erases_their_part_takes_out_what_replies_say_of_them(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    room.agree(ash)
    room.agree(wren)
    factories.post(ash, factories.thread(wren, room.group_id).thread_id)
    service.withdraw(wren, room.slug, erase=True)
    (reply,) = (row for row in room.rows(ash) if row["kind"] == "reply_posted")
    assert reply["words"]
    assert {name: reply[name] for name in ABOUT_OTHERS} == dict.fromkeys(ABOUT_OTHERS)


def test_the_past_is_included_once_and_only_where_wanted(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    for person in (ash, wren):
        place = factories.thread(person, room.group_id)
        factories.thread(person, room.other_id)
    threads.react(ash, place.id, "hug", on=True)
    room.agree(wren)
    room.agree(ash, "record", "past")
    past = ["group_joined", "thread_started", "reaction_given"]
    assert room.kinds(ash) == [*past, "consent_given"]
    assert room.kinds(wren) == ["consent_given"]
    service.withdraw(ash, room.slug, erase=False)
    room.agree(ash, "record", "past")
    assert [kind for kind in room.kinds(ash) if "consent" not in kind] == past


def test_a_pending_post_is_not_recorded_before_it_is_shown(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    moderator = factories.join(factories.person(), room.group_id, "moderator")
    place = factories.thread(wren, room.group_id)
    moderation.take_action(moderator, "review", place.thread_id)
    held, declined = (factories.post(ash, place.thread_id).id for _ in range(2))
    pre_moderation.decline(moderator, declined, "Without the street")
    room.agree(ash, "record", "past")
    assert room.kinds(ash) == ["group_joined", "consent_given"]
    moderation.take_action(moderator, "unreview", place.thread_id)
    room.agree(wren)
    factories.post(wren, place.thread_id)
    (answer,) = (row for row in room.rows(wren) if row["kind"] == "reply_posted")
    assert (answer["previous_author"], answer["minutes_since"]) == (None, None)
    pre_moderation.approve(moderator, held)
    assert room.kinds(ash) == ["group_joined", "consent_given", "reply_posted"]


def test_withdrawing_keeps_or_erases(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    room.agree(ash)
    room.agree(wren)
    place = factories.thread(ash, room.group_id)
    factories.post(wren, place.thread_id)
    service.withdraw(wren, room.slug, erase=False)
    factories.post(wren, place.thread_id)
    assert room.kinds(wren) == ["consent_given", "reply_posted", "consent_withdrawn"]
    service.withdraw(ash, room.slug, erase=True)
    assert len(room.rows()) == 3
    assert all(row["previous_author"] is None for row in room.rows())
    service.withdraw(wren, room.slug, erase=True)
    assert (count(ActivityEvent), count(Participant), count(Consent)) == (0, 0, 0)


def test_erasing_the_account_erases_its_part(app: Flask) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash)
    accounts.erase(ash.id or 0)
    assert (count(ActivityEvent), count(Participant), count(Consent)) == (0, 0, 0)


def test_consent_twice_to_a_changed_document_and_to_a_closed_study(app: Flask) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash)
    room.agree(ash)
    assert room.kinds(ash) == ["consent_given"]
    assert planning.change_document(room.study_id, "Other words.") == 2
    with pytest.raises(Conflict):
        room.agree(ash, "record", "share")
    factories.thread(ash, room.group_id)
    first = room.rows(ash)
    assert len({row["consent_id"] for row in first}) == 1
    room.agree(ash, "record", "share", version=2)
    factories.thread(ash, room.group_id)
    assert room.rows(ash)[-1]["consent_id"] != first[0]["consent_id"]
    planning.close_study(room.study_id)
    before = room.kinds()
    factories.thread(ash, room.group_id)
    assert room.kinds() == before
    with pytest.raises(NotFound):
        room.agree(room.member())


@pytest.mark.parametrize("clauses", [(), ("share",), ("past", "contact"), ("soul",)])
def test_clauses_that_make_no_sense_are_refused(app: Flask, clauses: tuple[str, ...]) -> None:
    room = study_world.study()
    with pytest.raises(Invalid):
        service.give_consent(room.member(), room.slug, version=1, clauses=clauses)


def test_contact_alone_records_nothing(app: Flask) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash, "contact")
    factories.thread(ash, room.group_id)
    assert room.kinds() == []


def test_a_recorder_that_breaks_costs_nobody_their_post(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash)

    def broken(*_: object) -> None:
        db.current_session().execute(select(func.no_such_function()))

    monkeypatch.setattr(consent_checks, "permits_for", broken)
    place = factories.thread(ash, room.group_id)
    factories.post(ash, place.thread_id)
    monkeypatch.undo()
    assert room.kinds() == ["consent_given"]


def test_the_pages(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room = study_world.study()
    ash, stranger = room.member(password=study_world.PASSWORD), factories.person()
    where = f"/studies/{room.slug}"
    outside = app.test_client()
    assert outside.get(where).status_code == 401
    factories.log_in(outside, stranger)
    for path in (where, f"{where}/held"):
        assert outside.get(path).status_code == 404
    assert outside.post(f"{where}/consent", data={"version": 1, "record": 1}).status_code == 404
    assert "Sleep and company" not in outside.get("/account").text

    client = app.test_client()
    factories.log_in(client, ash)
    assert "Sleep and company" in client.get("/account").text
    assert "Take part" in client.get(where).text
    refused = client.post(f"{where}/consent", data={"version": 1})
    assert (refused.status_code, "Choose at least one thing you agree to" in refused.text) == (
        422,
        True,
    )
    chosen = {"version": 1, **dict.fromkeys(ALL, "1")}
    assert client.post(f"{where}/consent", data=chosen).status_code == 303
    held = json.loads(client.get(f"{where}/held").text)
    assert held["consent"]["text"] == study_world.WORDS
    assert [row["kind"] for row in held["rows"]] == room.kinds(ash)
    assert "participant" not in held["rows"][0]
    assert "Agreed to take part" in client.get(where).text
    answer = client.post(
        f"{where}/withdraw",
        data={"how": "erase", "password": study_world.PASSWORD},
        headers={"Accept": "application/json"},
    )
    assert answer.get_json()["ok"]
    assert room.rows() == []
    assert client.post(f"{where}/withdraw", data={"how": "?"}).status_code == 422
