"""A forum that runs, a group in it, and people with browsers who look at the same thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, session
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import func, update

from forum.accounts import queries as account_queries
from forum.accounts import service as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.app import create_app
from forum.core import db
from forum.groups import service as groups
from forum.groups.models import MODERATOR, Group
from forum.settings.environment import from_environment
from forum.threads import service as threads
from tests.support.servers.real_servers import Server

SLUG = "night-owls"
BODY = "textarea[name=body]"
WIDE = {"width": 1000, "height": 500}
PEOPLE = ("wren", "robin", "ash", "heron")


@dataclass
class BrowserWorld:
    """The forum as a test works with it. What is written through `app` is not sent live."""

    server: Server
    app: Flask
    browser: Browser
    group_id: int = 0
    viewers: dict[str, Viewer] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def people(self) -> None:
        """Make the group and its people; heron moderates it."""
        self.group_id = groups.create_group(
            None, slug=SLUG, name="Night owls", topic="Sleep", description="For those awake."
        )
        for handle in PEOPLE:
            account_id = accounts.create_account(handle)
            db.release_session()
            viewer = account_queries.viewer(account_id)
            assert viewer
            self.viewers[handle] = viewer
            groups.join(viewer, self.group_id)
        groups.set_role(None, self.group_id, self.viewers["heron"].id or 0, MODERATOR)

    def thread(self, replies: int = 0) -> int:
        """Start a thread by wren with some replies by ash, and return its id."""
        place = threads.start_thread(
            self.viewers["wren"],
            self.group_id,
            title="Awake at three",
            body="The house is so quiet.\n\nDoes anyone else **know** this?",
        )
        for n in range(replies):
            self.reply("ash", place.thread_id, f"Number {n + 2}. " + "I get up and make tea. " * 12)
        db.release_session()
        return place.thread_id

    def reply(self, handle: str, thread_id: int, body: str, content_note: str = "") -> int:
        """Post behind the server's back, and return the post's id."""
        viewer = self.viewers[handle]
        place = threads.post_reply(viewer, thread_id, body=body, content_note=content_note)
        return place.id

    def open(self, handle: str | None, path: str, **options: object) -> Page:
        """Return somebody's browser on a page; None is a visitor."""
        context = self.browser.new_context(**options)  # type: ignore[arg-type]
        self.contexts.append(context)
        if handle:
            cookie = self._cookie(handle)
            context.add_cookies(
                [{"name": "forum_session", "value": cookie, "url": self.server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(self.server.url + path)
        return page

    def _cookie(self, handle: str) -> str:
        token = accounts.open_session(self.viewers[handle].id or 0)
        with self.app.test_request_context():
            session["_user_id"] = token
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            return str(signer.dumps(dict(session)))


def live(page: Page) -> Page:
    """Wait until a thread's page follows its thread; who is here alone reads of nobody."""
    expect(page.locator("[data-present]")).to_contain_text("Here now:")
    return page


def send(page: Page, words: str) -> None:
    """Write a reply and send it."""
    page.fill(BODY, words)
    page.click("[data-send]")
    expect(page.locator(BODY)).to_have_value("")


def open_menu(post: Locator, which: str = "more") -> Locator:
    """Open one of the two menus of a post: "react" or "more"."""
    menu = post.locator(f".{which}-menu")
    menu.locator("summary").click()
    return menu


def react(post: Locator, kind: str) -> None:
    """Choose a reaction in the menu of a post."""
    open_menu(post, "react").locator(f"[value={kind}]").click()


def reaction(post: Locator, kind: str) -> Locator:
    """Return a reaction that was given to a post, as it is shown with its count."""
    return post.locator(f".post-reactions > [value={kind}]")


def numbers(page: Page) -> list[int]:
    """Return the numbers of the posts on the page, from top to bottom."""
    shown = page.locator(".post").evaluate_all("all => all.map(one => one.dataset.number)")
    return [int(number) for number in shown]


def top(page: Page, selector: str) -> float:
    """Return how far from the top of the screen something is, in pixels."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def step_aside() -> None:
    """Rename people whom earlier tests left in a shared forum, to free their names."""
    with db.transaction() as session:
        aside = func.concat("aside-", Account.id)
        session.execute(
            update(Account).values(handle=aside, handle_key=aside, handle_skeleton=aside)
        )
        session.execute(update(Group).values(slug=func.concat("aside-", Group.id)))


@pytest.fixture
def room(shared_server: Server, browser: Browser) -> Iterator[BrowserWorld]:
    """Return a running forum with a group of four."""
    app = create_app(from_environment(shared_server.environ))
    made = BrowserWorld(shared_server, app, browser)
    with app.app_context():
        step_aside()
        made.people()
        yield made
        for context in made.contexts:
            context.close()
        db.release_session()
        db.engine().dispose()
