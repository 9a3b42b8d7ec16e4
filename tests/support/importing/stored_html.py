"""What an imported post becomes, and what its HTML may hold: read by a parser of its own."""

import re
from html.parser import HTMLParser

from forum.core import text
from forum.importing import html as importing


class _Check(HTMLParser):
    """Collects what no stored post may have."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            safe = re.match(r"https?://|mailto:", value or "")
            if not (tag == "a" and (name == "rel" or (name == "href" and safe))):
                self.wrong.append(f"{tag} {name}={value}")
        if tag not in text.TAGS:
            self.wrong.append(tag)

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)


def wrong_in(html: str) -> list[str]:
    """Return what is in some HTML that no stored post may have."""
    check = _Check()
    check.feed(html)
    check.close()
    return check.wrong


def to_markdown(html: str) -> str:
    """Return the Markdown that is imported for an HTML body. Raises Refused."""
    return importing.read(html)[0]
