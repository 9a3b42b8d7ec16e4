"""Templates and style sheets take no side: words run as they are written, and so do pages."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
# What people have named or written, wherever a template says it.
WORDS = re.compile(
    r"^(?!errors\.)(?:[a-z_]+\.)*(?:handle|group_name|(?:group|community)\.name"
    r"|(?:thread|meeting|room|study|line|bookmark|detail|hello)\.title"
    r"|(?:person|mine|item|note)\.about|topic|suspension_reason|handover_note|content_note)\b"
)
PIECES = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}"
    r"|</?[a-zA-Z](?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|[^<>\"])*>",
    re.DOTALL,
)
VOID = {"br", "hr", "img", "input", "link", "meta"}
SIDES = re.compile(
    r"^\s*((?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[a-z-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right"
    r"|(?:text-align|float|clear):\s*(?:left|right))\b.*",
    re.MULTILINE,
)


def unisolated(template: str) -> Iterator[str]:
    """Yield people's words that are neither isolated nor in an element that follows them."""
    opened = list[str]()
    for piece in PIECES.findall(template):
        if piece.startswith("{{"):
            says = piece.strip("{}- \n")
            covered = any(one.startswith("<bdi") or 'dir="auto"' in one for one in opened)
            if WORDS.match(says) and "isolated" not in says and not covered:
                yield says
        elif piece.startswith("</"):
            name = piece[2:-1].strip()
            at = [number for number, one in enumerate(opened) if re.match(rf"<{name}\b", one)]
            del opened[at[-1] if at else len(opened) :]
        elif piece.startswith("<") and re.match(r"<(\w+)", piece)[1] not in VOID:  # type: ignore[index]
            opened.append(piece)


def test_peoples_words_are_isolated() -> None:
    assert len(TEMPLATES) > 100
    found = {str(one): list(unisolated(one.read_text())) for one in TEMPLATES}
    assert not {template: words for template, words in found.items() if words}


def test_the_check_finds_what_is_not_isolated() -> None:
    assert list(unisolated("<p>By {{ post.handle }}</p>")) == ["post.handle"]
    assert (
        list(unisolated('<p dir="auto">{{ post.handle }}</p><p title="{{ handle }}">x</p>')) == []
    )
    assert list(unisolated("<bdi>{{ one.handle }}</bdi> {{ two.handle | isolated }}")) == []


def test_style_sheets_know_no_left_and_right() -> None:
    found = [
        f"{sheet.relative_to(ROOT)}: {wrong[0].strip()}"
        for sheet in SHEETS
        for wrong in SIDES.finditer(sheet.read_text())
    ]
    assert not found, "\n".join(found)
