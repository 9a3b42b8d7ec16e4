"""What the pages of groups say, and that nothing hostile gets through them."""

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.identity.public_ids import of as named
from forum.accounts.models import BLOCK, BLOCKED_BY, MUTE, AccountRelationship
from forum.core import clock
from forum.core.db import transaction
from forum.groups import queries, service
from forum.groups.membership.member_queries import MAX_REQUESTS, MEMBERS_A_PAGE
from forum.groups.models import Group, JoinRequest
from tests.support.databases.query_counts import executed_statements
from tests.support.worlds.group_world import (
    APPROVAL,
    HIDDEN,
    JSON,
    OPEN,
    World,
    person,
    post,
    world,
)

NASTY = "<script>alert(1)</script>[x](javascript:alert(1))<img src=x onerror=alert(1)>"


@pytest.fixture
def made(app: Flask) -> World:
    """Return everybody and everything."""
    return world(app)


def apart(viewer_id: int, other_id: int, kind: str) -> None:
    """Let one person mute or block another."""
    with transaction() as session:
        pairs = [(viewer_id, other_id, kind)]
        pairs += [(other_id, viewer_id, BLOCKED_BY)] if kind == BLOCK else []
        for one, two, how in pairs:
            session.add(
                AccountRelationship(viewer_id=one, other_id=two, kind=how, created_at=clock.now())
            )


@pytest.mark.parametrize(
    ("count", "size"),
    [
        (0, "a handful"),
        (5, "a handful"),
        (6, "up to 20"),
        (20, "up to 20"),
        (21, "20\N{EN DASH}50"),
        (51, "50\N{EN DASH}200"),
        (200, "50\N{EN DASH}200"),
        (201, "over 200"),
    ],
)
def test_the_directory_tells_a_size_and_never_a_count(made: World, count: int, size: str) -> None:
    with transaction() as session:
        session.execute(update(Group).values(member_count=count))
    answer = made.browser("visitor").get("/groups", headers=JSON)
    assert {group["size"] for group in answer.get_json()["groups"]} == {size}
    assert "member_count" not in answer.text


def test_the_directory_is_filtered_by_topic(made: World) -> None:
    service.edit_group(made.who("moderator"), made.groups[OPEN], topic="Sleep & rest")
    browser = made.browser("visitor")
    found = browser.get("/groups?topic=Sleep %26 rest", headers=JSON).get_json()["groups"]
    assert [group["slug"] for group in found] == [OPEN]
    assert "topic=Sleep%20%26%20rest" in browser.get("/groups").text
    assert browser.get("/groups?topic=%00").status_code == 404
    for nonsense in ("%ff", "'; drop table groups", "x" * 3_000):
        answer = browser.get(f"/groups?topic={nonsense}")
        assert answer.status_code == 200
        assert "No groups on this topic" in answer.text
    assert browser.get(f"/groups?topic={'x' * 5_000}").status_code == 414


def test_knowing_a_group_takes_one_query(made: World) -> None:
    viewer = made.who("member")
    with executed_statements() as words:
        group = queries.group_for(viewer, HIDDEN)
    assert words == ["SELECT"]
    assert (group.role, group.belongs, group.readable) == ("member", True, True)
    assert (group.moderates, group.is_moderator, group.has_asked) == (False, False, False)


def test_guidelines_come_before_joining_and_a_welcome_after(made: World) -> None:
    service.edit_group(made.who("moderator"), made.groups[OPEN], guidelines="*Be kind*")
    visitor, outsider = made.browser("visitor"), made.browser("outsider")
    assert f"/login?next=/groups/{OPEN}/join" in visitor.get(f"/groups/{OPEN}/join").text
    page = outsider.get(f"/groups/{OPEN}/join").text
    assert "<em>Be kind</em>" in page
    assert "By joining, you agree to these guidelines." in page
    answer = post(outsider, f"/groups/{OPEN}/join", as_json=False)
    assert answer.location == f"/groups/{OPEN}/welcome"


def test_asking_keeps_the_words_whether_taken_or_not(made: World) -> None:
    browser, path = made.browser("outsider"), f"/groups/{APPROVAL}/join"
    long = post(browser, path, as_json=False, words="w" * 501)
    assert long.status_code == 422
    assert "w" * 501 in long.text
    assert "up to 500 characters" in long.text
    answer = post(browser, path, as_json=True, words=NASTY)
    assert answer.get_json()["status"] == "asked"
    assert "&lt;script&gt;alert(1)" in browser.get(path).text
    page = made.browser("facilitator").get(f"/groups/{APPROVAL}/requests").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_an_invitation_is_shown_once_and_followed(made: World) -> None:
    facilitator = made.browser("facilitator")
    made_link = post(facilitator, f"/groups/{HIDDEN}/invitations", as_json=True)
    assert made_link.status_code == 201
    token = made_link.get_json()["token"]
    assert made_link.get_json()["url"].endswith(f"/invitations/{token}")
    assert token not in facilitator.get(f"/groups/{HIDDEN}/invitations").text
    visitor = made.browser("visitor")
    assert f"/login?next=/invitations/{token}" in visitor.get(f"/invitations/{token}").text
    assert post(visitor, f"/invitations/{token}", as_json=True).status_code == 401
    suspended = made.browser("suspended")
    assert post(suspended, f"/invitations/{token}", as_json=True).status_code == 403
    outsider = made.browser("outsider")
    assert HIDDEN in outsider.get(f"/invitations/{token}").text
    answer = post(outsider, f"/invitations/{token}", as_json=False)
    assert (answer.status_code, answer.location) == (303, f"/groups/{HIDDEN}/welcome")
    elsewhere = made.browser("elsewhere")
    for path, status in ((token, 410), ("x" * 43, 404), ("%00", 404), ("%ff", 404)):
        assert elsewhere.get(f"/invitations/{path}").status_code == status, path
        assert post(elsewhere, f"/invitations/{path}", as_json=True).status_code == status
    assert "Ask the person who sent it for a new one" in elsewhere.get(f"/invitations/{token}").text


def test_an_invitation_form_with_nonsense_comes_back_as_typed(made: World) -> None:
    browser = made.browser("facilitator")
    for uses in ("0", "101", "-1", "1.5", "NaN", "", "\u0663", "9" * 400):
        answer = post(browser, f"/groups/{OPEN}/invitations", as_json=False, uses=uses, days=1)
        assert answer.status_code == 422, uses
        assert "a number from 1 to 100" in answer.text


def test_words_about_a_group_are_rendered_and_harmless(made: World) -> None:
    browser, path = made.browser("facilitator"), f"/groups/{OPEN}/settings"
    words = {"description": "**bold** " + NASTY, "guidelines": NASTY, "welcome": NASTY}
    preview = post(browser, path, as_json=False, preview="1", name="New name", **words)
    assert preview.status_code == 200
    assert "<strong>bold</strong>" in preview.text
    assert made.group(OPEN).name == OPEN
    saved = post(browser, path, as_json=False, name=NASTY[:80], topic=NASTY[:60], **words)
    assert saved.location == f"/groups/{OPEN}/about"
    for page in ("about", "join", "settings"):
        text = browser.get(f"/groups/{OPEN}/{page}").text
        assert "<script>alert" not in text
        assert 'href="javascript' not in text
        assert "<img src=x" not in text
    assert "<strong>bold</strong>" in browser.get(f"/groups/{OPEN}/about").text
    assert "<script>alert" not in browser.get("/groups").text


def test_settings_that_do_not_fit_come_back_as_typed(made: World) -> None:
    browser, path = made.browser("moderator"), f"/groups/{OPEN}/settings"
    wrong = {"name": "x", "description": "d" * 2001, "visibility": "secret"}
    answer = post(browser, path, as_json=True, **wrong)
    assert answer.status_code == 422
    assert set(answer.get_json()["error"]["fields"]) == set(wrong)
    page = post(browser, path, as_json=False, **wrong)
    assert page.status_code == 422
    assert "d" * 2001 in page.text
    assert post(browser, path, as_json=True, name="a\x00b").status_code == 422
    assert post(browser, path, as_json=True, readable_by_all=["", "1"]).status_code == 200
    assert made.group(OPEN, "outsider").readable
    assert post(browser, path, as_json=True, readable_by_all="").status_code == 200
    assert not made.group(OPEN, "outsider").readable


def test_lists_show_a_group_s_first_paragraph_as_plain_words(made: World) -> None:
    words = "For **long** nights & days.\n\nAnd much more."
    service.edit_group(made.who("moderator"), made.groups[OPEN], description=words)
    page = made.browser("visitor").get("/groups").text
    assert "For long nights &amp; days." in page
    assert "much more" not in page


@pytest.mark.parametrize("slug", ["%00", "%ff", "UPPER", "a" * 400, "..", "no-such-group"])
def test_addresses_that_are_none_are_not_found(made: World, slug: str) -> None:
    for page in ("about", "members", "join", "handles", "settings"):
        path = f"/groups/{slug}/{page}"
        assert made.browser("administrator").get(path).status_code == 404


def test_account_numbers_beyond_the_database_are_not_found(made: World) -> None:
    browser = made.browser("moderator")
    for number in ("99999999999999999999", "2147483648", "-1", "x"):
        for verb in ("role", "remove"):
            path = f"/groups/{OPEN}/members/{number}/{verb}"
            assert post(browser, path, as_json=True, role="member").status_code == 404


def test_members_come_in_pages_of_fifty(made: World) -> None:
    for number in range(MEMBERS_A_PAGE):
        service.set_role(None, made.groups[OPEN], person(f"extra{number:02}"), "member")
    browser = made.browser("member")
    first, second = (browser.get(f"/groups/{OPEN}/members?page={page}").text for page in (1, 2))
    assert ("extra00" in first, "extra49" in first) == (True, False)
    assert ("extra00" in second, "extra49" in second) == (False, True)
    assert first.index("the-moderator") < first.index("extra00")
    for page in ("0", "-1", "NaN", "99999999999"):
        assert browser.get(f"/groups/{OPEN}/members?page={page}").status_code == 200


def test_people_kept_apart_are_not_listed_for_each_other(made: World) -> None:
    wren, dot = person("wren"), person("dot")
    for account_id in (wren, dot):
        service.set_role(None, made.groups[OPEN], account_id, "member")
    member = made.people["member"]
    apart(member, wren, MUTE)
    apart(dot, member, BLOCK)
    apart(dot, made.people["facilitator"], BLOCK)
    page = made.browser("member").get(f"/groups/{OPEN}/members").text
    assert "wren" not in page
    assert f"/members/{named(dot)}" not in page
    listed = made.browser("member").get(f"/groups/{OPEN}/handles").get_json()["handles"]
    assert listed == ["the-facilitator", "the-moderator"]
    # Nobody hides by a block from moderators, and nobody need be mentioned.
    assert (
        f"/members/{named(dot)}" in made.browser("facilitator").get(f"/groups/{OPEN}/members").text
    )
    names = made.browser("facilitator").get(f"/groups/{OPEN}/handles").get_json()["handles"]
    assert names == ["the-member", "the-moderator", "wren"]


def test_handles_are_completed_from_their_beginning(made: World) -> None:
    for number in range(12):
        service.set_role(None, made.groups[OPEN], person(f"wren{number:02}"), "member")
    browser = made.browser("member")
    asked = {
        "wr": 8,
        "WREN": 8,
        "@wren0": 8,
        "wren11": 1,
        "ren": 0,
        "%25": 0,
        "_": 0,
        "the-suspended": 0,
    }
    for beginning, found in asked.items():
        answer = browser.get(f"/groups/{OPEN}/handles?q={beginning}")
        assert len(answer.get_json()["handles"]) == found, beginning
    for nonsense, status in (("%00", 404), ("x" * 61, 422)):
        answer = browser.get(f"/groups/{OPEN}/handles?q={nonsense}", headers=JSON)
        assert answer.status_code == status


def test_roles_are_shown_to_members_only(made: World) -> None:
    link = f"/members/{named(made.people['moderator'])}"
    assert link in made.browser("member").get(f"/groups/{OPEN}/about").text
    for role in ("visitor", "outsider", "elsewhere", "suspended"):
        assert link not in made.browser(role).get(f"/groups/{OPEN}/about").text


def test_whom_one_has_blocked_one_need_not_mute(made: World) -> None:
    me, other = made.people["member"], made.people["facilitator"]
    address = named(other)
    page = made.browser("member").get(f"/members/{address}").text
    assert f"/members/{address}/mute" in page
    apart(me, other, BLOCK)
    page = made.browser("member").get(f"/members/{address}").text
    assert f"/members/{address}/mute" not in page
    assert f"/members/{address}/unblock" in page


def test_a_page_of_requests_has_an_end(made: World) -> None:
    now = clock.now()
    asking = [person(f"asking{number}") for number in range(MAX_REQUESTS + 1)]
    with transaction() as session:
        session.add_all(
            JoinRequest(account_id=account_id, group_id=made.groups[APPROVAL], created_at=now)
            for account_id in asking
        )
    browser = made.browser("facilitator")
    page = browser.get(f"/groups/{APPROVAL}/requests").text
    assert page.count(">Accept</button>") == MAX_REQUESTS
    assert f"the {MAX_REQUESTS} people who have waited longest" in page
    service.accept_request(made.who("facilitator"), made.groups[APPROVAL], asking[0])
    service.accept_request(made.who("facilitator"), made.groups[APPROVAL], asking[1])
    page = browser.get(f"/groups/{APPROVAL}/requests").text
    assert "asking100" in page
    assert "people who have waited longest" not in page
