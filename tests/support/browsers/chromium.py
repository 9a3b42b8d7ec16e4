"""A real Chromium for tests, and axe to judge pages in it."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.suite.thoroughness import EVERY_CASE

# The same engine twice; without the frame of windows and menus a page costs a third of the work.
CHROMIUM = ("chromium-headless-shell", "chromium")
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Look: TypeAlias = tuple[Literal["light", "dark"], int]
# Where several test processes share two cores, what takes half a second alone may take some.
EXPECTED_WITHIN_MS = 15_000
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; each test opens its own contexts, which are separate people."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        pytest.fail("Chromium is missing. On Debian: apt-get install chromium-headless-shell")
    expect.set_options(timeout=EXPECTED_WITHIN_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page in a context of its own: one person's browser."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def axe(page: Page) -> None:
    """Raise AssertionError with what axe finds on the page, if it finds anything."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("how => axe.run(how).then(told => told.violations)", OPTIONS)
    told = [
        f"{finding['id']} ({finding['impact']}): {finding['help']}\n"
        + "\n".join(
            f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}"
            for node in finding["nodes"]
        )
        for finding in found
    ]
    assert not told, f"axe on {page.url}:\n" + "\n".join(told)


def check_page(page: Page, name: str = "", widths: tuple[int, ...] = (320, 1000)) -> None:
    """Let axe judge a page in light where it is wide and in dark where it is narrow.

    Nothing is cut off. In `make soak` dark pages are judged at each width. With a name, two
    pictures are kept: light and wide, dark and narrow.
    """
    dark = widths if EVERY_CASE else (min(widths),)
    looks: list[Look] = [("light", max(widths)), *(("dark", width) for width in dark)]
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        if name and (scheme, width) in {("light", max(widths)), ("dark", min(widths))}:
            screenshot(page, f"{name} {scheme} {width}")


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page below tests/screenshots/, unless all tests run at once.

    A developer of a page runs its tests, and looks; nobody looks at all hundred.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
    page.screenshot(path=path, full_page=True)
