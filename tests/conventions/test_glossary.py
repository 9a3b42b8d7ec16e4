"""Names are those of the glossary, and documents lead to files that are there."""

import re
from pathlib import Path

import pytest

from tests.support.suite import names

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
FOLDERS = ("forum", "templates", "static/js", "static/css", "tests")
WITH_FOLDER = re.compile(r"`((?:forum|tests|static|templates|benchmarks|docs)/[\w/.-]+)")
ALONE = re.compile(r"`([\w-]+\.(?:py|js|css|html|toml))\b")
RELATIVE = re.compile(r"`([\w.-][\w./*-]*/[\w./*-]*)`")
MADE_LATER = ("instance", ".venv", "Europe/")  # by an installation, and a time zone
AREAS = re.compile(r"^\| `([\w/]+)/` \| .*?\| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
CODE = re.compile(r"`[^`\n]*`")
RETIRED = re.compile(r"^\| `([a-z ]+)` \|", re.MULTILINE)
ENDINGS = {"py", "js", "css", "html", "md", "toml", "txt"}
ELSEWHERE = {"helplines.toml"}  # written by operators


def test_no_file_has_a_name_that_says_nothing() -> None:
    retired = set(
        GLOSSARY.rpartition("which told a stranger nothing:")[2].replace(",", " ").split()
    )
    assert len(retired) > 30
    there = {
        path.stem.lstrip("_"): path.relative_to(ROOT)
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "versions" not in path.parts
    }
    assert not {there[name] for name in retired & set(there)}


def retired_in(name: str, retired: list[str]) -> list[str]:
    """Return which of these words a name has, one of several words only with all in a row."""
    spaced = f" {' '.join(names.words(name))} "
    return [word for word in retired if f" {word} " in spaced or f" {word}s " in spaced]


def test_no_name_has_a_retired_word() -> None:
    retired = RETIRED.findall(GLOSSARY)
    assert len(retired) > 10
    found = {name for name in names.names() if retired_in(name, retired)}
    assert found == set()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Objection", ["objection"]),
        ("moderation_objections", ["objection"]),
        ("WatchWord", ["watch word"]),
        ("watch_words", ["watch word"]),
        ("watchWords", ["watch word"]),
        ("watched_words", []),
        ("word_to_watch", []),
        ("objectionable", []),
    ],
)
def test_a_word_is_found_in_every_spelling(name: str, found: list[str]) -> None:
    assert retired_in(name, ["objection", "watch word"]) == found


def test_names_are_found_wherever_one_is_given() -> None:
    source = (
        "class Watch(Base):\n    __tablename__ = 'watches'\n    until: int\n    def f(self): ..."
    )
    assert [*names.in_python(source)] == ["Watch", "watches", "until", "f"]
    assert {"test_glossary", "Account", "accounts", "base", "main"} <= {*names.names()}


def test_documents_lead_to_files_that_are_there() -> None:
    names = {path.name for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts}
    missing = {
        f"{document.name}: {named}"
        for document in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        for named in (
            *WITH_FOLDER.findall(document.read_text()),
            *ALONE.findall(document.read_text()),
        )
        if not ((ROOT / named).exists() if "/" in named else named in names | ELSEWHERE)
    }
    assert not missing


def test_documents_name_paths_that_are_there() -> None:
    tops = ("forum", "templates", "static", "tests", "benchmarks", "docs", "requirements")
    there = "\n".join(
        f"/{path.relative_to(ROOT)}"
        for top in tops
        for path in (ROOT / top, *(ROOT / top).rglob("*"))
    )
    missing = {
        f"{document.name}: {named}"
        for document in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        if document.name != "CHANGELOG.md"
        for named in RELATIVE.findall(document.read_text())
        if not named.startswith(MADE_LATER)
        and not re.search(as_pattern(named), there, re.MULTILINE)
    }
    assert not missing


def as_pattern(path: str) -> str:
    """Return what finds a path that a document gives from any folder on."""
    return "/" + re.escape(path.rstrip("/")).replace(r"\*", "[^/\n]*") + "$"


def test_the_tour_names_every_area_of_every_slice() -> None:
    tour = (ROOT / "docs" / "architecture.md").read_text().partition("## Five rules")[0]
    wrong = set()
    for slice_, areas in AREAS.findall(tour):
        folder = ROOT / "forum" / slice_
        there = {path.parent.name for path in folder.rglob("__init__.py")} | {
            path.name for path in folder.iterdir() if path.is_dir()
        }
        named = {name.strip("/") for name in re.findall(r"`(\w+/)`", areas)}
        direct = {path.parent.name for path in folder.glob("*/__init__.py")}
        wrong |= {f"{slice_}: {name}" for name in (named - there) | (direct - named)}
    assert len(AREAS.findall(tour)) > 8
    assert not wrong


def test_the_tour_names_functions_that_are_there() -> None:
    tour = (ROOT / "docs" / "architecture.md").read_text()
    sources: dict[str, str] = {}
    for path in (ROOT / "forum").rglob("*.py"):
        sources[path.stem] = sources.get(path.stem, "") + path.read_text()
    wrong = {
        f"{module}.{name}"
        for module, name in re.findall(r"`(?:\w+\.)*(\w+)\.(\w+)(?:\([\w, ]*\))?`", tour)
        if module in sources
        and name not in ENDINGS
        and not re.search(rf"\b{name}\b", sources[module])
    }
    assert not wrong


def test_the_glossary_has_every_folder() -> None:
    folders = {path.parent.name for path in (ROOT / "forum").rglob("__init__.py")} - {"forum"}
    said = GLOSSARY.lower()
    assert {
        name
        for name in folders
        if name not in said and name.replace("_", " ").rstrip("s") not in said
    } == set()


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("0*.md")]
    assert len(numbers) == len(set(numbers))


def test_links_in_documents_lead_to_files_that_are_there() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (document, link)
        for document in documents
        for link in LINK.findall(CODE.sub("", document.read_text()))
    ]
    assert len(links) > 20
    assert not {f"{d.name}: {link}" for d, link in links if not (d.parent / link).exists()}


@pytest.mark.parametrize("folder", ["forum", "forum/core", "forum/threads", "forum/moderation"])
def test_a_folder_of_code_can_be_taken_in_at_a_glance(folder: str) -> None:
    assert len(list((ROOT / folder).glob("*.py"))) <= 15
