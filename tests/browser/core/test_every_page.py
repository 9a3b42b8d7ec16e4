"""Every page on a narrow phone, in a reader's own colours, without movement, and on paper.

All are looked at in a language whose words are a third longer than those in English.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from werkzeug.test import TestResponse

from tests.support.languages import made_up
from tests.support.permissions import matrix_addresses
from tests.support.permissions.matrix_world import World, build
from tests.support.permissions.page_addresses import PAGES

PLACE = "http://forum.test"
NARROW = 320  # as wide as a page of 640 pixels at 200 %
# Each returns what is wrong on the page that is open.
CUT_OFF = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter(one => one.checkVisibility()
    && one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(one =>
    `too wide: ${one.outerHTML.slice(0, 90)}`)"""
UNSEEN = """() => {
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const look = (one) => { const s = getComputedStyle(one); return [s.backgroundColor, s.color,
    s.borderBottom, s.borderTop, s.borderLeft, s.outline, s.textDecorationLine].join(); };
  const wrong = [];
  for (const icon of document.querySelectorAll("svg.icon"))
    if (icon.checkVisibility() && getComputedStyle(icon).stroke === behind(icon.parentElement))
      wrong.push(`unseen icon: ${icon.parentElement.outerHTML.slice(0, 90)}`);
  for (const name of document.querySelectorAll("summary, button, a.button"))
    if (name.checkVisibility() && getComputedStyle(name).color === behind(name))
      wrong.push(`unseen words: ${name.outerHTML.slice(0, 90)}`);
  for (const here of document.querySelectorAll("[aria-current], [aria-pressed=true]")) {
    const kind = here.hasAttribute("aria-current") ? "aria-current" : "aria-pressed";
    const other = [...(here.closest("nav, ol, ul, form, [role=group]")?.querySelectorAll(
      `${here.tagName}:not([aria-current]):not([aria-pressed=true])`) ?? [])]
      .find((one) => one.checkVisibility() && one.className === here.className);
    if (here.checkVisibility() && other && look(here) === look(other))
      wrong.push(`looks like the others (${kind}): ${here.outerHTML.slice(0, 90)}`);
  }
  return wrong;
}"""
MOVING = """() => [...document.querySelectorAll("body *")].filter((one) =>
  parseFloat(getComputedStyle(one).transitionDuration) > 0.001
  || parseFloat(getComputedStyle(one).animationDuration) > 0.001)
  .slice(0, 3).map((one) => `moves: ${one.outerHTML.slice(0, 90)}`)"""
LARGEST = "document.documentElement.dataset.textSize = 'largest'"
ON_PAPER = """() => [...document.querySelectorAll("header nav, .rail, .skip, main form button")]
  .filter((one) => one.checkVisibility()).slice(0, 3)
  .map((one) => `on paper: ${one.outerHTML.slice(0, 90)}`)"""


def whole_pages(client: FlaskClient, world: World) -> dict[str, TestResponse]:
    """Return the address and content of each page that somebody may see, the same page once."""
    found = dict[str, TestResponse]()
    for rule in PAGES:
        address = matrix_addresses.address(world, rule)
        answer = client.get(address, follow_redirects=True)
        place = answer.request.full_path.rstrip("?")
        whole = answer.mimetype == "text/html" and answer.text.startswith("<!doctype")
        if answer.status_code == 200 and whole:
            found.setdefault(place, answer)
    return found


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """Return a narrow page without scripts, which change nothing of how pages look."""
    context = browser.new_context(
        viewport={"width": NARROW, "height": 640}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["visitor", "facilitator", "administrator"])
def test_every_page_can_be_used_in_a_language_of_longer_words(
    app: Flask, narrow: Page, role: str
) -> None:
    wrong = list[str]()
    with made_up.is_known():
        world = build(app, "open", "visible")
        client = world.client(role)
        client.environ_base["HTTP_X_LANGUAGE"] = made_up.CODE
        pages = whole_pages(client, world)
        _serve(narrow, client, pages)
        for address in pages:
            narrow.emulate_media(media="screen", forced_colors="active", reduced_motion="reduce")
            narrow.goto(PLACE + address)
            found = [one for check in (CUT_OFF, UNSEEN, MOVING) for one in narrow.evaluate(check)]
            narrow.emulate_media(media="print", forced_colors="none")
            found += narrow.evaluate(ON_PAPER)
            wrong += [f"{address}: {one}" for one in found]
    assert len(pages) > 8
    assert all(made_up.in_accents("Quick exit") in page.text for page in pages.values())
    assert not wrong, "\n".join(wrong)


def _serve(page: Page, client: FlaskClient, pages: dict[str, TestResponse]) -> None:
    """Answer a page's requests in this process."""
    kept = dict(pages)

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        asked = f"{parts.path}?{parts.query}".rstrip("?")
        # Each page asks for the same style sheets.
        found = kept.get(asked) or kept.setdefault(asked, client.get(asked))
        route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.data)

    page.route(f"{PLACE}/**", answer)
