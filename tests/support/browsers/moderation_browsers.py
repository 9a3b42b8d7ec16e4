"""Browsers of moderators."""

from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import SLUG, BrowserWorld, room  # noqa: F401 - a fixture


def look_at(room: BrowserWorld, pages: dict[str, tuple[str, ...]]) -> None:  # noqa: F811
    """Let each person open their pages; axe finds nothing, and nothing is cut off."""
    for handle, addresses in pages.items():
        page = room.open(handle, addresses[0])
        for address in addresses:
            page.goto(room.server.url + address)
            check_page(page)
