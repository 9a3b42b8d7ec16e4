"""What HTML the forum may show."""

from bs4 import BeautifulSoup

from forum.core import text

ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start", "dir"}}


def assert_safe(html: str) -> None:
    """Fail if there is anything in `html` that the forum never shows."""
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        assert tag.name in text.TAGS
        assert set(tag.attrs) <= ATTRIBUTES.get(tag.name, {"dir"})
        assert tag.get("dir", "auto") in {"auto", "ltr", "rtl"}
        href = str(tag.attrs.get("href", ""))
        assert not href or href.startswith(("http://", "https://", "mailto:", "/members/"))
        if href.startswith("http"):
            assert tag["rel"] == text.REL.split()
