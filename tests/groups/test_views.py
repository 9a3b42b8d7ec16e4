"""Who may open which page of a group, and who may change what, through both kinds of answer."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.identity import public_ids
from forum.core import clock, db
from forum.core.db import current_session, transaction
from forum.groups import service
from forum.groups.models import Invitation, JoinRequest
from tests.support.worlds.group_world import HIDDEN, JSON, ROLES, SLUGS, World, post, world

OUTSIDE = {"visitor", "outsider", "elsewhere", "suspended"}
INSIDE = {"member", "facilitator", "moderator", "administrator"}
LEADING = {"facilitator", "moderator", "administrator"}
DECIDING = {"moderator", "administrator"}
PAGES = {
    "about": set(ROLES),
    "join": set(ROLES),
    "leave": set(ROLES) - {"visitor"},
    "members": INSIDE,
    "handles": INSIDE,
    "settings": LEADING,
    "invitations": LEADING,
    "requests": LEADING,
}
WRITES: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "join": ("join", {}, set(ROLES) - {"visitor", "suspended"}),
    "leave": ("leave", {}, set(ROLES) - {"visitor"}),
    "invite": ("invitations", {"uses": 3, "days": 3}, LEADING),
    "withdraw": ("invitations/{invitation}/withdraw", {}, LEADING),
    "accept": ("requests/{outsider}/accept", {}, LEADING),
    "decline": ("requests/{outsider}/decline", {}, LEADING),
    "role": ("members/{member}/role", {"role": "facilitator"}, DECIDING),
    "remove": ("members/{member}/remove", {}, LEADING),
    "describe": ("settings", {"name": "A new name"}, LEADING),
    "open up": ("settings", {"leader_kind": "professional"}, DECIDING),
}


def expected(role: str, slug: str, allowed: set[str]) -> int:
    """Return the status that a role meets."""
    if slug == HIDDEN and role in OUTSIDE:
        return 404
    if role in allowed:
        return 200
    return 401 if role == "visitor" else 403


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_only_to_those_they_are_for(app: Flask, page: str) -> None:
    made = world(app)
    for role in ROLES:
        browser = made.browser(role)
        for slug in SLUGS:
            answer = browser.get(f"/groups/{slug}/{page}", headers=JSON)
            assert answer.status_code == expected(role, slug, PAGES[page]), (role, slug)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("slug", SLUGS)
def test_programs_change_only_what_they_may(app: Flask, slug: str, write: str) -> None:
    made = world(app)
    path, form, allowed = prepare(made, slug, write)
    before = state(made, slug)
    for role in sorted(ROLES, key=lambda role: expected(role, slug, allowed) == 200):
        wanted = expected(role, slug, allowed)
        if wanted == 200:
            break
        answer = post(made.browser(role), path, as_json=True, **form)
        assert answer.status_code == wanted, role
        assert answer.get_json()["error"]["message"]
        assert state(made, slug) == before, role
    for role in ROLES:
        if expected(role, slug, allowed) == 200:
            path, form, _ = prepare(made, slug, write)
            answer = post(made.browser(role), path, as_json=True, **form)
            assert answer.status_code in {200, 201}, (role, answer.json)


@pytest.mark.parametrize("write", WRITES)
def test_browsers_change_only_what_they_may(app: Flask, write: str) -> None:
    made = world(app)
    slug = "an-approval-group"
    path, form, allowed = prepare(made, slug, write)
    before = state(made, slug)
    for role in set(ROLES) - allowed:
        answer = post(made.browser(role), path, as_json=False, **form)
        assert answer.status_code in {303, 401, 403}, role
        assert state(made, slug) == before, role
    answer = post(made.browser("administrator"), path, as_json=False, **form)
    assert answer.status_code == (200 if write == "invite" else 303)
    unchanged = {"leave"}  # an administrator is not a member, so nothing ends
    assert (state(made, slug) == before) == (write in unchanged)


def test_writes_need_the_page_s_token(app: Flask) -> None:
    made = world(app)
    browser = made.browser("outsider")
    assert browser.post(f"/groups/{SLUGS[0]}/join", headers=JSON).status_code == 400
    assert made.people["outsider"] not in made.members(SLUGS[0])


def test_the_directory_keeps_hidden_groups_to_their_people(app: Flask) -> None:
    made = world(app)
    for role in ROLES:
        answer = made.browser(role).get("/groups", headers=JSON)
        slugs = {group["slug"] for group in answer.get_json()["groups"]}
        assert (HIDDEN in slugs) == (role in INSIDE), role
        page = made.browser(role).get("/groups").get_data(as_text=True)
        assert (HIDDEN in page) == (role in INSIDE), role


def test_only_administrators_found_groups(app: Flask) -> None:
    made = world(app)
    form = {"slug": "brand-new", "name": "Brand new", "visibility": "hidden"}
    for role in ROLES:
        if role == "administrator":
            continue
        answer = post(made.browser(role), "/groups/new", as_json=True, **form)
        assert answer.status_code == (401 if role == "visitor" else 403), role
        assert made.browser(role).get("/groups/new", headers=JSON).status_code >= 400
    browser = made.browser("administrator")
    assert browser.get("/groups/new").status_code == 200
    answer = post(browser, "/groups/new", as_json=True, **form)
    assert (answer.status_code, answer.json["slug"]) == (201, "brand-new")
    again = post(browser, "/groups/new", as_json=False, **form)
    assert again.status_code == 422
    assert "Another group has this address" in again.get_data(as_text=True)
    unnamed = post(browser, "/groups/new", as_json=True, name="Spät & spoken for")
    assert (unnamed.status_code, unnamed.json["slug"]) == (201, "spat-spoken-for")
    other = post(browser, "/groups/new", as_json=True, name="夜の集い")
    assert (other.status_code, list(other.json["error"]["fields"])) == (422, ["slug"])
    founded = made.group("brand-new")
    assert (founded.role, founded.member_count, founded.visibility) == ("moderator", 1, "hidden")


def prepare(made: World, slug: str, write: str) -> tuple[str, dict[str, Any], set[str]]:
    """Put things in place for a write, and return its path, form and who may."""
    group_id, outsider = made.groups[slug], made.people["outsider"]
    invitation = 0
    if write == "withdraw":
        service.invite(made.who("moderator"), group_id)
        db.release_session()
        invitation = current_session().scalar(select(func.max(Invitation.id))) or 0
    if write in {"accept", "decline"} and outsider not in made.members(slug):
        with transaction() as session:
            session.merge(
                JoinRequest(account_id=outsider, group_id=group_id, created_at=clock.now())
            )
    path, form, allowed = WRITES[write]
    filled = path.format(
        invitation=invitation,
        **{role: public_ids.of(account_id) for role, account_id in made.people.items()},
    )
    return f"/groups/{slug}/{filled}", form, allowed


def state(made: World, slug: str) -> tuple[object, ...]:
    """Return all that a write could change in a group."""
    group = made.group(slug)
    requests = sorted(tuple(row) for row in current_session().query(JoinRequest.account_id).all())
    links = sorted(tuple(row) for row in current_session().query(Invitation.id).all())
    words = (group.name, group.leader_kind, group.member_count)
    return sorted(made.members(slug).items()), requests, links, words
