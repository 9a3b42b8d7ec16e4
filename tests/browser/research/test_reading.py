"""Reading time as real browsers measure it: within its bounds, and told when a tab is closed."""

import heapq
import random
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.activity.models import ActivityEvent
from forum.core import db
from forum.research import queries
from forum.research.studies import planning
from tests.support import factories
from tests.support.browsers.thread_browsers import BrowserWorld, live, room  # noqa: F401 - a fixture
from tests.support.research import study_world
from tests.support.servers.clients import at_address

READERS, TURNS, LEAST_WITHIN = 10, 4, 38
WAIT_S = 8.0
LOOK_AWAY = "document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))"
LOOK_BACK = "delete document.hasFocus; window.dispatchEvent(new Event('focus'))"


def studied(room: BrowserWorld, slug: str) -> int:  # noqa: F811
    """Open a study of the room's group and return its id."""
    study_id = planning.create_study(
        slug,
        title="Reading",
        about="How long people read.",
        run_by="A university",
        ethics="Board 7",
        contact="Desk 12",
        document=study_world.WORDS,
        group_ids=[room.group_id],
    )
    planning.open_study(study_id)
    return study_id


def participant(room: BrowserWorld, slug: str) -> str:  # noqa: F811
    """Let somebody new agree to be recorded, on the server, and return their handle."""
    person = factories.join(factories.person(), room.group_id)
    post(room, person, f"/studies/{slug}/consent", version="1", record="1")
    room.viewers[person.handle] = person
    return person.handle


def post(room: BrowserWorld, viewer: Viewer, path: str, **form: str) -> None:  # noqa: F811
    """Send a form to the server, and it knows at once what follows."""
    assert (
        at_address(room.server, viewer).post(f"{room.server.url}{path}", data=form, timeout=10).ok
    )
    db.release_session()


def pages_read(room: BrowserWorld, study_id: int, handle: str) -> list[dict[str, Any]]:  # noqa: F811
    """Return the rows of the pages that somebody opened, oldest first."""
    db.release_session()
    key = queries.participant_key(room.viewers[handle].id or 0, study_id)
    found = select(ActivityEvent.__table__).where(
        ActivityEvent.participant == key, ActivityEvent.kind == "thread_read"
    )
    rows = db.current_session().execute(found.order_by(ActivityEvent.at)).mappings().all()
    db.release_session()
    return [dict(row) for row in rows]


def awaited(room: BrowserWorld, study_id: int, handle: str, pages: int = 1) -> list[dict[str, Any]]:  # noqa: F811
    """Return the same once so many pages have been told of."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        rows = pages_read(room, study_id, handle)
        if sum(row["seconds_high"] is not None for row in rows) >= pages:
            break
        time.sleep(0.05)
    return rows


@dataclass
class Script:
    """What one browser does, thread by thread: read, perhaps look away for a while, and leave."""

    handle: str
    page: Page
    chance: random.Random
    threads: list[int]
    known: list[float] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    since: float = 0.0
    read: float = 0.0

    def go_on(self, url: str) -> float | None:
        """Do the next step, and return how long to wait after it; None at the end."""
        step = self.steps.pop(0) if self.steps else "leave"
        if step == "back":
            self.page.evaluate(LOOK_BACK)
            self.since = time.monotonic()
        elif self.since:
            self.read += time.monotonic() - self.since
            self.since = 0.0
        if step == "away":
            self.page.evaluate(LOOK_AWAY)
        elif step == "leave" and not self._next(url):
            return None
        return self.chance.uniform(0.3, 1.5)

    def _next(self, url: str) -> bool:
        if self.read:
            self.known.append(self.read)
        if len(self.known) == len(self.threads):
            self.page.close()
            return False
        self.page.goto(f"{url}/threads/{self.threads[len(self.known)]}")
        self.since, self.read = time.monotonic(), 0.0
        self.steps = self.chance.choice([[], ["away", "back"], ["away"]])
        return True


def test_what_is_known_to_have_been_read_is_within_the_bounds(room: BrowserWorld) -> None:  # noqa: F811
    study_id = studied(room, "bounds")
    threads = [room.thread(replies=3) for _ in range(TURNS)]
    scripts = []
    for seed in range(READERS):
        handle = participant(room, "bounds")
        page = room.open(handle, "/help-now", viewport={"width": 900, "height": 700})
        scripts.append(Script(handle, page, random.Random(seed), threads))
    due = [(0.0, seed) for seed in range(READERS)]
    while due:
        at, seed = heapq.heappop(due)
        time.sleep(max(0.0, at - time.monotonic()))  # it is time itself that is measured
        wait = scripts[seed].go_on(room.server.url)
        if wait is not None:
            heapq.heappush(due, (time.monotonic() + wait, seed))
    within, told = 0, []
    for script in scripts:
        rows = awaited(room, study_id, script.handle, TURNS)
        for row, known in zip(rows, script.known, strict=True):
            low, high = row["seconds_low"] or 0.0, row["seconds_high"] or 0.0
            within += low <= known <= high
            told.append((low, round(known, 3), high))
            assert high - low < 4 + known  # bounds that say something
    assert len(told) == READERS * TURNS
    assert within >= LEAST_WITHIN, told


def test_nobody_else_loads_the_script_or_tells_anything(room: BrowserWorld) -> None:  # noqa: F811
    study_id = studied(room, "others")
    thread_id = room.thread(replies=2)
    asked = list[str]()
    page = room.open("wren", "/help-now")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{room.server.url}/threads/{thread_id}")
    live(page)
    page.goto("about:blank")
    assert any("thread.js" in url for url in asked)
    assert not [url for url in asked if "research/reading" in url]
    assert not pages_read(room, study_id, participant(room, "others"))


def test_a_closed_tab_has_its_last_word(room: BrowserWorld) -> None:  # noqa: F811
    study_id = studied(room, "closed")
    handle = participant(room, "closed")
    page = live(room.open(handle, f"/threads/{room.thread(replies=2)}"))
    page.wait_for_timeout(1500)  # it is time itself that is measured
    page.close()
    (row,) = awaited(room, study_id, handle)
    assert 0.2 <= row["seconds_low"] <= row["seconds_high"]
    assert row["posts_seen"] >= 1


def test_two_tabs_at_once_are_not_two_readers(room: BrowserWorld) -> None:  # noqa: F811
    study_id = studied(room, "tabs")
    handle = participant(room, "tabs")
    began = time.monotonic()
    one = room.open(handle, f"/threads/{room.thread(replies=2)}")
    other = one.context.new_page()
    other.goto(f"{room.server.url}/threads/{room.thread(replies=2)}")
    # Each of these pages believes itself to be in focus, as the driver of the browser wants it.
    assert one.evaluate("document.hasFocus()")
    assert other.evaluate("document.hasFocus()")
    other.wait_for_timeout(1500)
    for page in (one, other):
        page.goto("about:blank")
    rows = awaited(room, study_id, handle, 2)
    passed = time.monotonic() - began
    assert 1.5 < sum(row["seconds_high"] for row in rows) <= passed


def test_reading_arrives_by_socket_too_and_stops_after_withdrawal(
    room: BrowserWorld,  # noqa: F811
) -> None:
    study_id = studied(room, "socket")
    handle = participant(room, "socket")
    me, thread_id = room.viewers[handle], room.thread(replies=2)
    told = list[str]()
    page = room.open(handle, "/help-now")
    page.on("request", lambda request: told.append(request.url))
    page.goto(f"{room.server.url}/threads/{thread_id}")
    live(page).wait_for_timeout(1200)
    page.evaluate(LOOK_AWAY)
    (row,) = awaited(room, study_id, handle)
    assert row["seconds_high"] > 1
    assert not any("/activity/reading" in url for url in told)
    post(room, me, "/studies/socket/withdraw", how="keep")
    before = pages_read(room, study_id, handle)
    page.evaluate(LOOK_BACK)
    page.wait_for_timeout(1200)
    page.goto(f"{room.server.url}/threads/{thread_id}")
    live(page)
    assert page.locator("[data-reading]").count() == 0
    assert pages_read(room, study_id, handle) == before
