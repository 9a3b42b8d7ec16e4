"""A long queue comes in pages: nothing is lost between them, and each stays right live."""

from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from forum.core import clock, db
from forum.core.db import transaction
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue.queries import ROWS_A_PAGE
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.queue_items.policy import LOW, TODAY
from forum.moderation.queue_items.transitions import NewItem
from tests.support import factories as make
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BrowserWorld, open_menu, room
from tests.support.databases.query_counts import sqlite_work
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["room"]
JSON = {"Accept": "application/json"}
ROW = ".queue-row"
OVER = 3
NUMBERS = count(90_000)


def fill(group_id: int, items: int) -> list[int]:
    """Bring this many items to a group's queue, the last one calm, and return their ids."""
    with transaction() as session:
        made = []
        for n in range(items):
            urgency = LOW if n == items - 1 else TODAY
            matter = NewItem("report", "post", next(NUMBERS), group_id, None, urgency)
            made.append(transitions.add_item(session, matter, clock.now()).id)
    return made


def test_pages_together_are_the_whole_queue_in_its_order(app: Flask) -> None:
    people = QueueWorld()
    fill(people.group, 2 * ROWS_A_PAGE + OVER)
    for name, last in (("moderator", 3), ("elsewhere", 1)):
        viewer = people[name]
        assert queue_queries.last_page(viewer) == last
        pages = [queue_queries.open_items(viewer, page) for page in range(1, last + 2)]
        whole = queue_queries.open_items(viewer, most=10_000)
        assert [one.id for page in pages for one in page] == [one.id for one in whole]
        assert all(len(page) <= ROWS_A_PAGE for page in pages)
        assert pages[-1] == []
    assert queue_queries.open_items(people["elsewhere"]) == []


def test_what_was_resolved_comes_in_pages_too(app: Flask) -> None:
    people = QueueWorld()
    moderator = people["moderator"]
    before = len(queue_queries.resolved_items(moderator))
    for item_id in fill(people.group, ROWS_A_PAGE + OVER):
        queue.resolve(moderator, item_id, outcome="nothing")
    first = queue_queries.resolved_items(moderator)
    second = queue_queries.resolved_items(moderator, first[-1].id)
    assert queue_queries.resolved_items(moderator, second[-1].id) == []
    assert (len(first), len(second)) == (ROWS_A_PAGE, OVER + before)
    moments = [one.resolved_at for one in (*first, *second)]
    assert moments == sorted(moments, key=lambda at: at or clock.now(), reverse=True)


def test_a_page_of_what_was_resolved_costs_the_same_however_much_that_is(app: Flask) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("SQLite counts what it does")
    people = QueueWorld()
    moderator = people["moderator"]

    def work() -> int:
        items = fill(people.group, 150)
        with transaction() as session:
            done = update(QueueItem).where(QueueItem.id.in_(items))
            session.execute(done.values(resolved_at=clock.now(), outcome="nothing"))
        first = queue_queries.resolved_items(moderator)
        return sqlite_work(lambda: queue_queries.resolved_items(moderator, first[-1].id))

    few = work()
    for _ in range(4):
        many = work()
    assert many < 1.3 * few


@pytest.mark.parametrize(
    ("asked", "page", "rows"),
    [
        ("", 1, ROWS_A_PAGE),
        ("page=2", 2, OVER),
        ("page=99", 2, OVER),
        ("page=-1", 1, ROWS_A_PAGE),
        ("page=x", 1, ROWS_A_PAGE),
    ],
)
def test_the_page_says_where_one_is(app: Flask, asked: str, page: int, rows: int) -> None:
    people = QueueWorld()
    fill(people.group, ROWS_A_PAGE + OVER)
    client = app.test_client()
    make.log_in(client, people["moderator"])
    told = client.get(f"/moderation?{asked}", headers=JSON).get_json()
    assert (told["page"], told["pages"], len(told["items"])) == (page, 2, rows)
    shown = client.get(f"/moderation?{asked}").text
    assert shown.count('class="queue-row"') == rows
    assert 'aria-label="Pages"' in shown
    few = client.get(f"/moderation?resolved&{asked}", headers=JSON).get_json()
    assert few["behind"] is None


def test_a_place_that_is_no_ones_business_tells_nothing(app: Flask) -> None:
    people = QueueWorld()
    moderator = people["moderator"]
    elsewhere = fill(make.group(), 1)
    mine = fill(people.group, 2)
    now = clock.now()
    for ago, ids in enumerate(([mine[0]], elsewhere, [mine[1]])):
        with transaction() as session:
            done = {"resolved_at": now - timedelta(hours=ago)}
            session.execute(update(QueueItem).where(QueueItem.id.in_(ids)).values(done))
    db.release_session()
    assert mine[1] in [one.id for one in queue_queries.resolved_items(moderator, mine[0])]
    for behind in (elsewhere[0], 99_999):
        assert queue_queries.resolved_items(moderator, behind) == []


def crisis(room: BrowserWorld) -> None:
    """Let a member report a post that worries them, on the server's own pages."""
    thread = room.thread(replies=1)
    wren = room.open("wren", f"/threads/{thread}")
    post = wren.locator("[data-number='2']")
    open_menu(post)
    post.get_by_role("link", name="Report").click()
    wren.get_by_label("Someone may harm themselves").check()
    wren.get_by_role("button", name="Send report").click()
    expect(wren.get_by_role("heading", name="Thank you for telling us")).to_be_visible()


def joined(page: Page) -> Page:
    """Wait until the queue's page has heard that it is up to date."""
    expect(page.locator("[data-queue][data-joined]")).to_have_count(1)
    return page


def test_each_page_takes_what_belongs_to_it(room: BrowserWorld) -> None:
    made = fill(room.group_id, ROWS_A_PAGE + OVER)
    db.release_session()
    first = joined(room.open("heron", "/moderation"))
    second = joined(room.open("heron", "/moderation?page=2"))
    expect(first.locator(ROW)).to_have_count(ROWS_A_PAGE)
    expect(second.locator(ROW)).to_have_count(OVER)
    check_page(second, "queue second page")
    other = room.open("heron", f"/moderation/queue/{made[-1]}")
    other.get_by_role("button", name="Claim").click()
    expect(second.locator(f"{ROW}[data-id='{made[-1]}']")).to_contain_text("You have this")
    crisis(room)
    expect(first.locator(ROW).first).to_contain_text("Crisis")
    expect(first.locator(ROW)).to_have_count(ROWS_A_PAGE + 1)
    expect(second.locator(ROW)).to_have_count(OVER)
    second.get_by_role("button", name="Show the first page").click()
    expect(second.locator(ROW).first).to_contain_text("Crisis")


def test_an_empty_page_leads_to_what_waits_next(room: BrowserWorld) -> None:
    made = fill(room.group_id, ROWS_A_PAGE + 1)
    db.release_session()
    second = joined(room.open("heron", "/moderation?page=2"))
    other = room.open("heron", f"/moderation/queue/{made[-1]}")
    other.get_by_label("No action needed").check()
    other.get_by_role("button", name="Resolve").click()
    second.get_by_role("link", name="Show what is waiting next").click()
    expect(second.locator(ROW)).to_have_count(ROWS_A_PAGE)
