"""A private message that is reported: what a moderator sees, and nothing else, for how long."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.core.web import private_ids
from forum.groups.membership import hidden_content_access
from forum.messages import service
from forum.messages.content import queries as content_queries
from forum.moderation.models import AccessLogEntry
from forum.moderation.queue import item_detail
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items.models import PRIVATE_MESSAGE
from forum.moderation.reports import report_evidence
from forum.moderation.reports import service as reports
from forum.moderation.reports.models import ReportEvidence
from tests.support import factories
from tests.support.worlds.conversation_world import ConversationWorld


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return two who write, and those who moderate their group."""
    made = ConversationWorld(app)
    made.member("lead", "moderator")
    made.member("helper", "facilitator")
    made.people["boss"] = factories.administrator("boss")
    return made


def report(world: ConversationWorld, there: int, number: int, by: str = "robin") -> int:
    message_id = content_queries.message_for(world[by], there, number).id
    return reports.report(world[by], PRIVATE_MESSAGE, message_id, reason="abuse")


def item(viewer: Viewer) -> ItemView | None:
    db.release_session()
    waiting = queue_queries.open_items(viewer)
    return next((one for one in waiting if one.target_kind == PRIVATE_MESSAGE), None)


def said(world: ConversationWorld, by: str) -> list[str]:
    found = item(world[by])
    assert found is not None
    return [one["body"] for one in item_detail.detail_of(world[by], found).said]


def test_a_moderator_sees_the_message_and_three_around_it(world: ConversationWorld) -> None:
    there = world.open()
    for number in range(2, 13):
        world.send(there, "wren" if number % 2 else "robin", f"number {number}")
    report(world, there, 7)
    assert said(world, "lead") == ["number 5", "number 6", "number 7", "number 8"]
    assert said(world, "boss") == ["number 5", "number 6", "number 7", "number 8"]
    assert item(world["helper"]) is None
    found = item(world["lead"])
    assert found is not None
    with pytest.raises(NotFound):
        queue_queries.item_for(world["helper"], found.id)
    world.send(there, "wren", "number 13")
    report(world, there, 7)  # once more: nothing is added
    assert len(said(world, "lead")) == 4


def test_each_look_is_in_the_access_log(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, "wren", "Threatening")
    report(world, there, number)
    said(world, "lead")
    said(world, "lead")
    with transaction() as session:
        looks = (
            session.query(AccessLogEntry)
            .filter_by(target_kind=hidden_content_access.IN_PRIVATE)
            .all()
        )
        assert {look.by_id for look in looks} == {world.id_of("lead")}
        assert len(looks) == len({(look.target_id, look.hour) for look in looks})


def test_nothing_comes_with_it_that_either_has_deleted(world: ConversationWorld) -> None:
    there = world.open()
    kept = world.send(there, "wren", "kept")
    by_one = world.send(there, "wren", "deleted by one")
    for_both = world.send(there, "wren", "deleted for both")
    meant = world.send(there, "wren", "meant")
    service.delete_for_me(world["robin"], there, by_one)
    service.delete_for_both(world["wren"], there, for_both)
    report(world, there, meant)
    assert said(world, "lead") == ["Hello", "kept", "meant"]
    assert kept


def test_it_stays_when_its_author_takes_it_back_and_goes_when_resolved(
    world: ConversationWorld,
) -> None:
    there = world.open()
    number = world.send(there, "wren", "Threatening")
    report(world, there, number)
    service.delete_for_both(world["wren"], there, number)
    assert "Threatening" in said(world, "lead")
    found = item(world["lead"])
    assert found is not None
    queue.claim(world["lead"], found.id)
    queue.resolve(world["lead"], found.id, outcome="spoken", note="")
    assert kept() == []
    queue.reopen(world["lead"], found.id)
    assert kept() == []
    again = item(world["lead"])
    assert again is not None
    assert item_detail.detail_of(world["lead"], again).missing


def test_it_is_kept_for_ninety_days_however_old_the_message(
    world: ConversationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = world.open()
    number = world.send(there, "wren", "Long ago")
    now = clock.now()
    for days, stays in ((100, True), (100 + 89, True), (100 + 91, False)):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        if days == 100:
            report(world, there, number)
        with transaction() as session:
            report_evidence.delete_old(session, clock.now())
        assert bool(kept()) is stays, days


def kept() -> list[ReportEvidence]:
    db.release_session()
    with transaction() as session:
        return session.query(ReportEvidence).all()


def test_only_the_other_person_reports(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, "wren")
    message_id = content_queries.message_for(world["wren"], there, number).id
    with pytest.raises(Forbidden):
        report(world, there, number, "wren")
    for name in ("lead", "helper", "boss"):
        with pytest.raises(NotFound):
            reports.report(world[name], PRIVATE_MESSAGE, message_id, reason="abuse")
    service.delete_for_both(world["wren"], there, number)
    with pytest.raises(Conflict):
        report(world, there, number)


def test_where_the_moderator_is_one_of_the_two_it_goes_to_the_site(
    world: ConversationWorld,
) -> None:
    from forum.groups import service as groups

    groups.edit_group(world["boss"], world.group, messages_with_moderators=True)
    there = world.open("lead", "robin")
    report(world, there, 1)
    assert item(world["lead"]) is None
    found = item(world["boss"])
    assert found is not None
    assert found.group_slug is None
    world.member("second", "moderator")
    assert item(world["second"]) is None


def test_the_pages_of_a_report_say_what_is_seen(world: ConversationWorld) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = False
    there = world.open()
    number = world.send(there, "wren", "Threatening")
    message_id = content_queries.message_for(world["robin"], there, number).id
    client = world.app.test_client()
    factories.log_in(client, world["robin"])
    address = f"/reports/new?kind=private_message&id={private_ids.of(message_id)}"
    assert "up to three around it" in client.get(address).text
    sent = client.post(address, data={"reason": "abuse"}).text
    assert f'action="/messages/{private_ids.of(there)}/block"' in sent
    blocked = client.post(f"/messages/{private_ids.of(there)}/block", follow_redirects=True).text
    assert "blocked wren" in blocked
    lead = world.app.test_client()
    factories.log_in(lead, world["lead"])
    found = item(world["lead"])
    assert found is not None
    page = lead.get(f"/moderation/queue/{found.id}").text
    assert "Threatening" in page
    assert "Written in a private conversation" in page
    assert "No one can see who reported it" not in page
    log = lead.get("/moderation/log?what=access_kept").text
    assert lead.get("/moderation/log.csv").status_code == 200
    assert "went wrong" not in log
