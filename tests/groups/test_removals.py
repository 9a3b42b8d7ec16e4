"""A removal holds, whatever way the person tries to come back, until a moderator lifts it."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.identity import public_ids
from forum.accounts.service import lift_suspension, suspend
from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden, NotFound, Refusal
from forum.groups import queries, service
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.threads import service as threads
from tests.support import factories
from tests.support.worlds import group_world
from tests.support.worlds.group_world import APPROVAL, HIDDEN, OPEN, SLUGS, World, post, world


@pytest.fixture
def made(app: Flask) -> World:
    return world(app)


def _remove(made: World, slug: str, role: str = "member", by: str = "moderator") -> int:
    done = moderation.take_action(
        made.who(by), "remove", made.people[role], group_id=made.groups[slug], reason="Insults"
    )
    return done.log_entry_id or 0


def _ways_in(made: World, slug: str, token: str) -> list[str]:
    """Return the ways by which a former member gets in again."""
    group_id, found = made.groups[slug], []
    for name, way in (
        ("join", lambda: service.join(made.who("member"), group_id)),
        ("ask", lambda: service.ask_to_join(made.who("member"), group_id, "Please")),
        ("link", lambda: service.join_by_invitation(made.who("member"), token)),
        (
            "accept",
            lambda: service.accept_request(made.who("moderator"), group_id, made.people["member"]),
        ),
    ):
        try:
            way()
        except Refusal:
            continue
        found.append(name)
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_who_was_removed_finds_no_way_back(made: World, slug: str) -> None:
    token = service.invite(made.who("facilitator"), made.groups[slug], uses=9)
    _remove(made, slug)
    assert _ways_in(made, slug, token) == []
    assert made.people["member"] not in made.members(slug)
    assert made.group(slug).member_count == 3
    service.join_by_invitation(made.who("outsider"), token)  # the link is good for others


@pytest.mark.parametrize("as_json", [True, False])
def test_a_removed_member_reads_why_on_joining(made: World, as_json: bool) -> None:
    moderator, member = made.browser("moderator"), made.browser("member")
    path = f"/groups/{OPEN}/members/{public_ids.of(made.people['member'])}"
    assert post(moderator, f"{path}/remove", as_json=as_json).status_code in {200, 303}
    refused = post(member, f"/groups/{OPEN}/join", as_json=as_json)
    assert refused.status_code == 403
    assert "A moderator removed you from this group" in member.get(f"/groups/{OPEN}/join").text
    assert "Removed from the group" in moderator.get(f"/groups/{OPEN}/members").text
    assert (
        "Removed from the group"
        not in made.browser("facilitator").get(f"/groups/{OPEN}/members").text
    )
    facilitator = made.browser("facilitator")
    assert post(facilitator, f"{path}/let-back", as_json=as_json).status_code == 403
    assert post(member, f"{path}/let-back", as_json=as_json).status_code == 403
    assert post(moderator, f"{path}/let-back", as_json=as_json).status_code in {200, 303}
    assert post(member, f"/groups/{OPEN}/join", as_json=as_json).status_code in {200, 303}
    assert made.people["member"] in made.members(OPEN)


def test_the_link_that_they_came_by_ends_for_all(made: World) -> None:
    token = service.invite(made.who("facilitator"), made.groups[HIDDEN], uses=9)
    other = service.invite(made.who("facilitator"), made.groups[HIDDEN], uses=9)
    service.join_by_invitation(made.who("outsider"), token)
    _remove(made, HIDDEN, "outsider")
    for who in ("outsider", "elsewhere"):
        with pytest.raises(NotFound):
            service.join_by_invitation(made.who(who), token)
    with pytest.raises(Forbidden, match="removed"):
        service.join_by_invitation(made.who("outsider"), other)
    service.join_by_invitation(made.who("elsewhere"), other)


def test_a_removal_is_logged_appealed_and_undone(made: World) -> None:
    group_id, removed = made.groups[APPROVAL], made.people["facilitator"]
    log_entry_id = _remove(made, APPROVAL, "facilitator")
    db.release_session()
    (row,) = appeal_queries.entries_about(made.who("facilitator"))
    assert row.reason == "Insults"
    with pytest.raises(Refusal):
        appeals_undo.undo(made.who("facilitator"), log_entry_id)
    appeals_undo.appeal(made.who("facilitator"), log_entry_id, "It was not me")
    appeals_undo.answer_appeal(made.who("administrator"), log_entry_id, overturn=True)
    assert made.members(APPROVAL)[removed] == "facilitator"
    with pytest.raises(Conflict):
        appeals_undo.undo(made.who("moderator"), log_entry_id)
    service.leave(made.who("facilitator"), group_id)
    service.ask_to_join(made.who("facilitator"), group_id)


def test_nobody_undoes_a_removal_from_below(made: World) -> None:
    log_entry_id = _remove(made, OPEN, "facilitator")
    factories.join(made.who("outsider"), made.groups[OPEN], "facilitator")
    with pytest.raises(Refusal):
        appeals_undo.undo(made.who("outsider"), log_entry_id)
    with pytest.raises(Refusal):
        moderation.take_action(
            made.who("outsider"),
            "let_back",
            made.people["facilitator"],
            group_id=made.groups[OPEN],
        )


def test_leaving_first_does_not_escape_a_removal(made: World) -> None:
    group_id = made.groups[OPEN]
    with pytest.raises(NotFound):  # a stranger's number is nobody's
        moderation.take_action(
            made.who("moderator"), "remove", made.people["outsider"], group_id=group_id
        )
    threads.start_thread(made.who("member"), group_id, title="A title", body="Words")
    service.leave(made.who("member"), group_id)
    _remove(made, OPEN)
    with pytest.raises(Forbidden, match="removed"):
        service.join(made.who("member"), group_id)


def test_a_silence_still_waits_for_who_comes_back(made: World) -> None:
    group_id, member = made.groups[OPEN], made.people["member"]
    moderation.take_action(
        made.who("moderator"), "silence", member, group_id=group_id, reason="Rest", value="3"
    )
    appeals_undo.undo(made.who("moderator"), _remove(made, OPEN))
    with pytest.raises(Forbidden, match="Rest"):
        threads.start_thread(made.who("member"), group_id, title="A title", body="Words")


@pytest.mark.parametrize("how", ["suspend", "demote", "remove", "erase"])
def test_invitations_rest_with_who_may_not_invite(made: World, how: str) -> None:
    group_id, maker = made.groups[HIDDEN], made.people["facilitator"]
    token = service.invite(made.who("facilitator"), group_id, uses=9)
    match how:
        case "suspend":
            suspend(maker, until=clock.now() + timedelta(days=3), because="A test")
        case "demote":
            group_world.set_role(made.who("moderator"), group_id, maker, "member")
        case "remove":
            group_world.remove_member(made.who("moderator"), group_id, maker)
        case "erase":
            service.erase(maker)
    db.release_session()
    with pytest.raises(NotFound):
        queries.invited_to(made.who("outsider"), token)
    with pytest.raises(NotFound):
        service.join_by_invitation(made.who("outsider"), token)
    if how == "suspend":
        lift_suspension(maker)
        service.join_by_invitation(made.who("outsider"), token)
