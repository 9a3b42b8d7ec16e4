"""Files have names that a stranger understands, and the glossary leads to places that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
FOLDERS = ("forum", "templates", "static/js", "static/css", "tests")
NAMED = re.findall(r"`(forum/[a-z_/.]+)`", GLOSSARY)


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


@pytest.mark.parametrize("named", sorted(set(NAMED)))
def test_the_glossary_leads_to_what_is_there(named: str) -> None:
    assert (ROOT / named).exists()


@pytest.mark.parametrize("folder", ["forum", "forum/core", "forum/threads", "forum/moderation"])
def test_a_folder_of_code_can_be_taken_in_at_a_glance(folder: str) -> None:
    assert len(list((ROOT / folder).glob("*.py"))) <= 15
