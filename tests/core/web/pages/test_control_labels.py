"""Small things that outsiders saw: what does nothing, says the wrong thing, or asks too little."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.core import clock, db
from forum.moderation.on_call.models import Shift
from forum.moderation.queue import queries as queue_queries
from forum.moderation.reports import service as reports
from forum.research import queries as studies
from tests.support import factories as make
from tests.support.research import study_world
from tests.support.research.study_world import PASSWORD
from tests.support.worlds import moderation_world

JSON = {"Accept": "application/json"}


def _token(client: FlaskClient, path: str) -> dict[str, str]:
    page = client.get(path).text
    return {"csrf_token": unescape(page.split('name="csrf-token" content="')[1].split('"')[0])}


def test_a_queue_item_has_no_buttons_that_do_nothing(app: Flask, client: FlaskClient) -> None:
    _, people, place = moderation_world.moderation_world()
    reports.report(people["member"], "post", place.id, reason="unkind", words="")
    make.log_in(client, people["moderator"])
    entry = next(
        one for one in queue_queries.open_items(people["moderator"]) if one.kind == "report"
    )
    page = client.get(f"/moderation/queue/{entry.id}").text
    assert "Some words" in page
    assert 'form="page-action"' not in page
    assert 'form="page-action"' in client.get(f"/threads/{place.thread_id}").text


def test_a_link_to_a_post_offers_a_visitor_to_log_in_whether_it_is_there_or_not(
    app: Flask, client: FlaskClient
) -> None:
    _, people, place = moderation_world.moderation_world()
    pages = [client.get(f"/posts/{number}") for number in (place.id, 999_999)]
    assert {page.status_code for page in pages} == {404}
    for page, number in zip(pages, (place.id, 999_999), strict=True):
        assert f"/login?next=/posts/{number}" in page.text
    make.log_in(client, people["member"])
    assert "/login?next" not in client.get("/posts/999999").text


@pytest.mark.parametrize("way", ["/login", "/register"])
@pytest.mark.parametrize("readable", [True, False])
def test_login_at_a_post_leads_back_to_the_post(
    app: Flask, client: FlaskClient, readable: bool, way: str
) -> None:
    group = make.group(readable_by_all=readable)
    author, reader = (make.join(make.person(), group) for _ in range(2))
    place = make.thread(author, group)
    posts = [make.post(author, place.thread_id, body="More") for _ in range(25)]
    page = client.get(f"/posts/{posts[-1].id}", follow_redirects=True)
    links = BeautifulSoup(page.text, "html.parser").find_all("a", href=re.compile(rf"^{way}"))
    assert len(links) == 2
    address = f"/threads/{place.thread_id}?page=2&post={posts[-1].id}#post-{posts[-1].id}"
    for link in links:
        make.log_in(browser := app.test_client(), reader)
        there = browser.get(str(link["href"])).location
        if there and there.startswith("/posts/"):
            there = browser.get(there).location
        assert there == address


def test_no_groups_at_all_is_not_called_no_group_on_a_topic(app: Flask) -> None:
    client = app.test_client()
    assert "on this topic" not in client.get("/groups").text
    assert "No groups on this topic" in client.get("/groups?topic=Nothing").text


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago", ""])
def test_hours_on_the_rota_are_in_the_zone_that_is_chosen(
    app: Flask, client: FlaskClient, zone: str
) -> None:
    group, people, _ = moderation_world.moderation_world()
    make.log_in(client, people["facilitator"])
    begins = (clock.now() + timedelta(days=2)).replace(microsecond=0, second=0, tzinfo=None)
    form = {"group_id": str(group), "starts_at": begins.isoformat(), "hours": "2"}
    form |= {"zone": zone} if zone else {}
    token = _token(client, "/moderation/rota")
    assert client.post("/moderation/rota", data=form | token, headers=JSON).status_code == 201
    wrong = client.post("/moderation/rota", data=form | token | {"zone": "Moon/Sea"}, headers=JSON)
    assert wrong.get_json()["error"]["fields"]["zone"]
    db.release_session()
    meant = datetime.combine(begins.date(), begins.time(), ZoneInfo(zone) if zone else UTC)
    assert db.current_session().scalars(select(Shift.starts_at)).one() == meant
    page = client.get("/moderation/rota").text
    assert f"{meant.astimezone(UTC):%H:%M} UTC</time>" in page


def test_what_a_study_recorded_is_deleted_only_with_the_password(
    app: Flask, client: FlaskClient
) -> None:
    room = study_world.study()
    me = room.member(password=PASSWORD)
    room.agree(me)
    make.log_in(client, me)
    path = f"/studies/{room.slug}"
    page = client.get(path).text
    assert 'value="erase"' not in page
    assert f"{path}/erase" in page
    token = _token(client, f"{path}/erase")
    for password in ("", "not my password"):
        for headers in (JSON, {}):
            form = {"how": "erase", "password": password} | token
            answer = client.post(f"{path}/withdraw", data=form, headers=headers)
            assert answer.status_code == 422
    db.release_session()
    assert studies.study_for(me, room.slug).participant is not None
    form = {"how": "erase", "password": PASSWORD} | token
    assert client.post(f"{path}/withdraw", data=form).status_code == 303
    db.release_session()
    assert studies.study_for(me, room.slug).participant is None
    assert client.get(f"{path}/erase").status_code == 404
