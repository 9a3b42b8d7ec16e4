"""Guides use the glossary's words, and quote buttons and pages in italics as they are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = ("facilitating", "moderating", "crisis", "safety", "research")
LABEL = re.compile(r"(?<![*\w])\*([A-Z][^*|]+?)\*(?![*\w])")
CODE = re.compile(r"`[^`\n]*`")
UNREAD = re.compile(r"`[^`]*`|\]\([^)]*\)|^    .*$", re.MULTILINE)  # code, and where links lead
WORD_OR_SIGN = re.compile(r"[a-z]+|[^a-z\s]")
RETIRED = re.compile(r"^\| `([a-z ]+)` \|", re.MULTILINE)
BROKEN_OFF = re.compile(r'"\s*\n\s*"')  # a string that goes on in the next line of code


def labels_in(guide: str) -> set[str]:
    """Return what a guide quotes, each on one line."""
    return {" ".join(label.split()) for label in LABEL.findall(CODE.sub("", guide))}


def words_of_pages() -> str:
    """Return all sources of what pages say, on one line."""
    files = (
        path
        for folder, suffix in (("templates", "html"), ("forum", "py"), ("static/js", "js"))
        for path in (ROOT / folder).rglob(f"*.{suffix}")
    )
    text = BROKEN_OFF.sub("", "\n".join(path.read_text(encoding="utf-8") for path in files))
    return " ".join(text.split()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


@pytest.fixture(scope="module")
def pages() -> str:
    return words_of_pages()


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_quotes_what_pages_say(name: str, pages: str) -> None:
    labels = labels_in((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"))
    assert not {label for label in labels if label not in pages}, "say in the guide what pages say"


def test_labels_are_found_in_italics_alone() -> None:
    guide = "Press *Give the\nturn*, not **Bold words** or *terms*, `*Code*` or 2 * 3 * 4."
    assert labels_in(guide) == {"Give the turn"}


@pytest.mark.parametrize(
    "document",
    [path for folder in ("", "docs") for path in sorted((ROOT / folder).glob("*.md"))],
    ids=lambda path: path.stem,
)
def test_no_document_has_a_retired_word(document: Path) -> None:
    if document.stem == "glossary":
        return  # it lists them
    retired = RETIRED.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    prose = UNREAD.sub(" ", document.read_text(encoding="utf-8")).lower()
    words = f" {' '.join(WORD_OR_SIGN.findall(prose))} "
    assert len(retired) > 10
    assert not [word for word in retired if f" {word} " in words or f" {word}s " in words]


def test_the_site_leads_to_every_document() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    decisions = {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    assert not {name for name in pages if f": {name}\n" not in navigation}
    assert not {name for name in decisions if f"({name})" not in index}
