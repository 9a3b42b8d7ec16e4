"""Where journeys are played, and what is noted on the way."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playwright.sync_api import Browser

from benchmarks.journeys.person import Person
from forum.demo.accounts import ACCOUNTS
from tests.support.browsers.chromium import axe

PASSWORDS = {one.handle: one.password for one in ACCOUNTS}
NARROWEST = 320


class Reached(NamedTuple):
    """A point of a journey: what has been reached, and by how much effort since it began."""

    journey: str
    point: str
    taps: int
    seconds: float


@dataclass
class Stage:
    """A browser, the demo forum, and an empty one; `reached` is what has been noted so far.

    `strict` is whether pages are judged as well.
    """

    browser: Browser
    demo: str
    empty: str
    strict: bool = True
    journey: str = ""
    reached: list[Reached] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def person(self, handle: str = "", **how: Any) -> Person:
        """Return somebody in the demo forum, logged in where they have a handle."""
        made = Person(self.browser, self.demo, **how)
        self.people.append(made)
        if handle:
            made.log_in(handle, PASSWORDS[handle])
        return made

    def note(self, person: Person, point: str, *, judged: bool = True) -> None:
        """Note that somebody has reached a point, and judge the page there."""
        effort = person.effort
        self.reached.append(Reached(self.journey, point, effort.taps, effort.seconds))
        if self.strict and judged:
            judge(person)

    def clear(self) -> None:
        """Let everybody go."""
        while self.people:
            self.people.pop().go_away()


def judge(person: Person) -> None:
    """Raise AssertionError where a script failed, axe finds something, or a page is too wide."""
    page, size = person.page, person.page.viewport_size
    assert not person.problems, (page.url, person.problems)
    if person.script and size:  # which axe needs
        # On a screen as high as the page, since a bar that covers half a button is no finding.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
        axe(page)
    page.set_viewport_size({"width": NARROWEST, "height": 740})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROWEST, f"{page.url} is {width} pixels wide"
    if size:
        page.set_viewport_size(size)
