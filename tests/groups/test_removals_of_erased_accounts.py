"""Erasing an account and signing up again does not end a removal from a group."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from forum import jobs
from forum.accounts import queries as accounts
from forum.accounts import service as account_service
from forum.accounts.identity import public_ids
from forum.core import clock, db
from forum.groups import service
from forum.groups.membership import removed_identities
from forum.groups.models import RemovedIdentity
from tests.support.worlds.group_world import (
    HIDDEN,
    OPEN,
    SLUGS,
    World,
    post,
    remove_member,
    viewer,
    world,
)

GOOD = {"password": "violet harbour lantern", "accept_guidelines": "1"}
YEAR = timedelta(days=366)


@pytest.fixture
def made(app: Flask) -> World:
    return world(app)


def _sign_up(browser: FlaskClient, handle: str) -> int:
    post(browser, "/logout", as_json=True)
    assert post(browser, "/register", as_json=True, **GOOD, handle=handle).status_code == 201
    db.release_session()
    return accounts.account_id_of_exact(handle) or 0


def _removed(made: World, slug: str, browser: FlaskClient, handle: str = "fern") -> int:
    """Let somebody be removed from a group; return their account."""
    account_id = _sign_up(browser, handle)
    service.join_by_invitation(viewer(account_id), _invitation(made, slug))
    remove_member(made.who("moderator"), made.groups[slug], account_id)
    return account_id


def _invitation(made: World, slug: str) -> str:
    db.release_session()
    return service.invite(made.who("facilitator"), made.groups[slug], uses=9)


def _way_in(made: World, slug: str, browser: FlaskClient) -> int:
    path = f"/groups/{slug}/join"
    if slug == HIDDEN:
        path = f"/invitations/{_invitation(made, slug)}"
    status: int = post(browser, path, as_json=True).status_code
    db.release_session()
    return status


def _kept() -> list[RemovedIdentity]:
    db.release_session()
    return list(db.current_session().scalars(select(RemovedIdentity)))


@pytest.mark.parametrize("erased", [True, False])
@pytest.mark.parametrize("slug", SLUGS)
def test_a_new_account_in_the_same_browser_is_removed_too(
    made: World, slug: str, erased: bool
) -> None:
    browser, elsewhere = made.app.test_client(), made.app.test_client()
    old = _removed(made, slug, browser)
    if erased:
        account_service.erase(old)
    new = _sign_up(browser, "moss")
    assert _way_in(made, slug, browser) == 403
    assert new not in made.members(slug)
    post(elsewhere, "/login", as_json=True, handle="moss", password=GOOD["password"])
    assert _way_in(made, slug, elsewhere) == 403  # holds for the account from now on
    _sign_up(elsewhere, "reed")
    assert _way_in(made, slug, elsewhere) == 403  # moss was there
    assert _way_in(made, slug, made.browser("outsider")) == 200
    for other in set(SLUGS) - {slug}:
        assert _way_in(made, other, browser) == 200


def test_a_moderator_lets_the_new_account_in(made: World) -> None:
    browser = made.app.test_client()
    account_service.erase(_removed(made, OPEN, browser))
    new = _sign_up(browser, "moss")
    answer = post(browser, f"/groups/{OPEN}/join", as_json=False)
    assert "someone who used this browser was removed from the group" in answer.text
    moderator = made.browser("moderator")
    assert "moss" in moderator.get(f"/groups/{OPEN}/members").text
    path = f"/groups/{OPEN}/members/{public_ids.of(new)}/let-back"
    assert post(moderator, path, as_json=True).status_code == 200
    assert _kept() == []
    assert _way_in(made, OPEN, browser) == 200


def test_what_is_kept_names_nobody_and_ends(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = made.app.test_client()
    old = _removed(made, OPEN, browser)
    erase_page = browser.get("/account/erase").text
    assert "You were removed from a group" in erase_page
    account_service.erase(old)
    (kept,) = _kept()
    assert kept.account_id is None
    assert "fern" not in kept.person_digest
    later = clock.now() + YEAR
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.tidy_up()
    assert _kept() == []
    assert "You were removed" not in made.browser("member").get("/account/erase").text


def test_letting_back_forgets_what_was_kept(made: World) -> None:
    browser = made.app.test_client()
    old = _removed(made, OPEN, browser)
    path = f"/groups/{OPEN}/members/{public_ids.of(old)}/let-back"
    post(made.browser("moderator"), path, as_json=True)
    assert _kept() == []
    account_service.erase(old)
    _sign_up(browser, "moss")
    assert _way_in(made, OPEN, browser) == 200


def test_removals_of_older_code_hold_as_well(made: World) -> None:
    browser = made.app.test_client()
    old = _removed(made, OPEN, browser)
    with db.transaction() as session:
        session.execute(delete(RemovedIdentity))
    jobs.tidy_up()
    account_service.erase(old)
    _sign_up(browser, "moss")
    assert _way_in(made, OPEN, browser) == 403


def test_an_invitation_opens_for_a_member_in_that_browser(made: World) -> None:
    browser = made.app.test_client()
    _removed(made, HIDDEN, browser)
    member = made.who("member")
    assert service.join_by_invitation(
        member, _invitation(made, HIDDEN), has_been_used_here=lambda _: True
    )
    assert made.people["member"] in made.members(HIDDEN)


def test_joining_compares_no_more_than_so_many(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removed_identities, "IDENTITIES_MAX", 2)
    group_id = made.groups[OPEN]
    with db.transaction() as session:
        for number in range(3):
            until = clock.now() + YEAR
            digest = f"somebody {number}"
            session.add(RemovedIdentity(group_id=group_id, person_digest=digest, until=until))
    compared: list[str] = []
    with db.transaction() as session:
        assert not removed_identities.recognise(session, group_id, 0, _noted(compared))
    assert compared == ["somebody 2", "somebody 1"]


def _noted(compared: list[str]) -> Callable[[str], bool]:
    def has_been_used_here(whose: str) -> bool:
        compared.append(whose)
        return False

    return has_been_used_here
