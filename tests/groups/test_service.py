"""The verbs of groups: what they do, what they announce, and when they are harmless."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core import db, events
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from forum.groups import events as happened
from forum.groups import queries, service
from forum.groups.models import Invitation
from forum.moderation.events import ActionTaken
from tests.support.worlds import group_world
from tests.support.worlds.group_world import APPROVAL, HIDDEN, OPEN, World, world

KINDS = (
    happened.GroupCreated,
    happened.MemberJoined,
    happened.MemberLeft,
    happened.JoinRequested,
    happened.RoleChanged,
)


@pytest.fixture
def made(app: Flask) -> World:
    """Return everybody and everything."""
    return world(app)


@pytest.fixture
def heard(made: World) -> Iterator[list[object]]:
    """Return the list of what is announced from now on."""
    said: list[object] = []
    events.subscribe({}, {kind: [said.append] for kind in KINDS})
    yield said
    events.subscribe({}, {})


def test_joining_and_leaving_twice_is_harmless(made: World, heard: list[object]) -> None:
    outsider = made.who("outsider")
    before = made.group(OPEN).member_count
    for _ in range(2):
        service.join(outsider, made.groups[OPEN])
    assert made.group(OPEN).member_count == before + 1
    for _ in range(2):
        service.leave(outsider, made.groups[OPEN])
    assert made.group(OPEN).member_count == before
    assert [type(event) for event in heard] == [happened.MemberJoined, happened.MemberLeft]


def test_an_approval_group_is_asked_first(made: World, heard: list[object]) -> None:
    outsider, group_id = made.who("outsider"), made.groups[APPROVAL]
    with pytest.raises(Forbidden):
        service.join(outsider, group_id)
    assert not service.ask_to_join(outsider, group_id, "hello")
    assert not service.ask_to_join(outsider, group_id, "hello again")
    assert made.group(APPROVAL, "outsider").has_asked
    service.accept_request(made.who("facilitator"), group_id, made.people["outsider"])
    service.accept_request(made.who("moderator"), group_id, made.people["outsider"])
    mine = made.group(APPROVAL, "outsider")
    assert (mine.role, mine.belongs, mine.has_asked) == ("member", True, False)
    assert [type(event) for event in heard] == [happened.JoinRequested, happened.MemberJoined]


def test_a_request_can_be_declined_or_taken_back(made: World) -> None:
    group_id = made.groups[APPROVAL]
    service.ask_to_join(made.who("outsider"), group_id)
    service.decline_request(made.who("facilitator"), group_id, made.people["outsider"])
    assert not made.group(APPROVAL, "outsider").has_asked
    service.ask_to_join(made.who("outsider"), group_id)
    service.leave(made.who("outsider"), group_id)
    with pytest.raises(Conflict):
        service.accept_request(made.who("facilitator"), group_id, made.people["outsider"])
    assert made.people["outsider"] not in made.members(APPROVAL)


def test_a_link_opens_a_hidden_group_once(made: World) -> None:
    token = service.invite(made.who("facilitator"), made.groups[HIDDEN])
    for _ in range(2):
        assert service.join_by_invitation(made.who("outsider"), token) == made.groups[HIDDEN]
    db.release_session()
    assert queries.invited_to(made.who("outsider"), token).belongs
    with pytest.raises(Gone):
        service.join_by_invitation(made.who("elsewhere"), token)


def test_a_link_runs_out_and_can_be_withdrawn(made: World) -> None:
    moderator, group_id = made.who("moderator"), made.groups[OPEN]
    old = service.invite(moderator, group_id, uses=100, days=90)
    with transaction() as session:
        session.execute(update(Invitation).values(expires_at=Invitation.created_at))
    with pytest.raises(Gone):
        service.join_by_invitation(made.who("outsider"), old)
    new = service.invite(moderator, group_id)
    db.release_session()
    link = db.current_session().query(Invitation).order_by(Invitation.id.desc()).first()
    assert link
    assert link.expires_at - link.created_at == timedelta(days=14)
    assert new != link.digest
    with pytest.raises(Forbidden):
        service.withdraw_invitation(made.who("elsewhere"), group_id, link.id)
    service.withdraw_invitation(moderator, group_id, link.id)
    with pytest.raises(NotFound):
        service.join_by_invitation(made.who("outsider"), new)


@pytest.mark.parametrize("farewell", ["leave", "remove", "demote", "erase"])
def test_links_end_with_the_role_of_their_maker(made: World, farewell: str) -> None:
    group_id, maker = made.groups[HIDDEN], made.people["facilitator"]
    token = service.invite(made.who("facilitator"), group_id, uses=10)
    match farewell:
        case "leave":
            service.leave(made.who("facilitator"), group_id)
        case "remove":
            group_world.remove_member(made.who("moderator"), group_id, maker)
        case "demote":
            group_world.set_role(made.who("moderator"), group_id, maker, "member")
        case "erase":
            service.erase(maker)
    with pytest.raises(NotFound):
        service.join_by_invitation(made.who("outsider"), token)


@pytest.mark.parametrize(
    ("uses", "days", "field"), [(0, 1, "uses"), (101, 1, "uses"), (1, 0, "days"), (1, 91, "days")]
)
def test_links_have_limits(made: World, uses: int, days: int, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        service.invite(made.who("moderator"), made.groups[OPEN], uses=uses, days=days)
    assert set(refusal.value.fields) == {field}


def test_roles_are_given_from_above_only(made: World, heard: list[object]) -> None:
    group_id, people = made.groups[OPEN], made.people
    moderator = made.who("moderator")
    with pytest.raises(Forbidden):
        group_world.set_role(moderator, group_id, people["suspended"], "member")
    with pytest.raises(Forbidden):
        group_world.set_role(made.who("facilitator"), group_id, people["member"], "facilitator")
    with pytest.raises(Forbidden):
        group_world.set_role(made.who("facilitator"), group_id, people["facilitator"], "moderator")
    with pytest.raises(NotFound):
        group_world.set_role(moderator, group_id, people["outsider"], "member")
    with pytest.raises(Invalid):
        group_world.set_role(moderator, group_id, people["member"], "owner")
    group_world.set_role(moderator, group_id, people["member"], "facilitator")
    with pytest.raises(Conflict, match="already"):
        group_world.set_role(moderator, group_id, people["member"], "facilitator")
    group_world.set_role(moderator, group_id, people["member"], "moderator")
    group_world.set_role(moderator, group_id, people["moderator"], "member")
    assert made.group(OPEN, "member").role == "moderator"
    assert made.group(OPEN, "moderator").role == "member"
    assert [e for e in map(type, heard) if e is not ActionTaken] == [happened.RoleChanged] * 3


def test_the_last_moderator_stays_one(made: World) -> None:
    group_id, people = made.groups[OPEN], made.people
    administrator, moderator = made.who("administrator"), made.who("moderator")
    # The other moderator of this group is suspended, and so does not count.
    with pytest.raises(Conflict):
        group_world.set_role(moderator, group_id, people["moderator"], "facilitator")
    group_world.set_role(administrator, group_id, people["moderator"], "facilitator")
    assert made.group(OPEN, "moderator").role == "facilitator"


def test_members_are_removed_from_above_only(made: World) -> None:
    group_id, people = made.groups[OPEN], made.people
    for who, whom in (
        ("facilitator", "moderator"),
        ("facilitator", "facilitator"),
        ("moderator", "suspended"),
        ("member", "member"),
    ):
        with pytest.raises(Forbidden):
            group_world.remove_member(made.who(who), group_id, people[whom])
    group_world.remove_member(made.who("facilitator"), group_id, people["member"])
    with pytest.raises(Conflict, match="already"):
        group_world.remove_member(made.who("facilitator"), group_id, people["member"])
    group_world.remove_member(made.who("moderator"), group_id, people["facilitator"])
    group_world.remove_member(made.who("administrator"), group_id, people["moderator"])
    assert made.members(OPEN) == {people["suspended"]: "moderator"}


def test_the_last_facilitator_may_leave_after_a_warning(made: World) -> None:
    group_id = made.groups[OPEN]
    assert not service.leave(made.who("facilitator"), group_id)
    assert "last moderator" in made.browser("moderator").get(f"/groups/{OPEN}/leave").text
    assert service.leave(made.who("moderator"), group_id)


def test_a_suspended_member_may_still_leave(made: World) -> None:
    service.leave(made.who("suspended"), made.groups[HIDDEN])
    assert made.people["suspended"] not in made.members(HIDDEN)


def test_a_founded_group_is_complete_or_not_there(made: World, heard: list[object]) -> None:
    for slug in ("new", "ab", "Upper", "with space", "a" * 61, "ümlaut", "a/b", ""):
        with pytest.raises(Invalid) as refusal:
            service.create_group(None, slug=slug, name="Fine name")
        assert set(refusal.value.fields) == {"slug"}
    with pytest.raises(Invalid) as refusal:
        service.create_group(
            None,
            slug="fine",
            name="x",
            topic="t" * 61,
            visibility="secret",
            description="d" * 2001,
            guidelines="g" * 5001,
            welcome="w" * 2001,
        )
    assert len(refusal.value.fields) == 6
    with pytest.raises(Invalid):
        service.create_group(
            None, slug="fine", name="Fine", visibility="hidden", readable_by_all=True
        )
    service.create_group(made.who("administrator"), slug="fine", name="Fine")
    assert [type(event) for event in heard] == [happened.GroupCreated, happened.MemberJoined]


def test_facilitators_edit_texts_and_moderators_access(made: World) -> None:
    group_id, facilitator = made.groups[OPEN], made.who("facilitator")
    service.edit_group(facilitator, group_id, description="**Bold**", visibility="open")
    for change in (
        {"visibility": "hidden"},
        {"readable_by_all": True},
        {"leader_kind": "professional"},
    ):
        with pytest.raises(Forbidden):
            service.edit_group(facilitator, group_id, **change)
    service.edit_group(made.who("moderator"), group_id, visibility="hidden")
    with pytest.raises(Invalid):
        service.edit_group(made.who("moderator"), group_id, readable_by_all=True)
    assert made.group(OPEN, "member").visibility == "hidden"
    with pytest.raises(NotFound):
        made.group(OPEN, "outsider")


def test_what_is_not_text_is_refused(made: World) -> None:
    for wrong in (5, None, ["x"], {"a": 1}):
        with pytest.raises(Invalid):
            service.create_group(None, slug="fine", name=wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        service.edit_group(
            made.who("moderator"),
            made.groups[OPEN],
            member_count="9",  # type: ignore[call-arg]
        )


def test_erasing_an_account_leaves_no_trace_in_groups(made: World) -> None:
    service.ask_to_join(made.who("outsider"), made.groups[APPROVAL])
    for role in ("outsider", "moderator"):
        service.erase(made.people[role])
    for slug in made.groups:
        assert made.people["moderator"] not in made.members(slug)
        assert made.group(slug).member_count == len(made.members(slug))
    assert not made.group(APPROVAL, "outsider").has_asked
