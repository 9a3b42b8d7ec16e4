"""Files have names that a stranger understands, and documents lead to files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
FOLDERS = ("forum", "templates", "static/js", "static/css", "tests")
WITH_FOLDER = re.compile(r"`((?:forum|tests|static|templates|benchmarks|docs)/[\w/.-]+)")
ALONE = re.compile(r"`([\w-]+\.(?:py|js|css|html|toml))\b")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
CODE = re.compile(r"`[^`\n]*`")
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
