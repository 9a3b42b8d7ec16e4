"""Who is named by hand must be the one who is meant: a look-alike is nobody."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from forum.accounts import queries
from forum.accounts.models import Account
from forum.core import db
from forum.core.db import current_session
from forum.core.errors import Invalid
from forum.importing.loading import load_lines
from forum.research.studies import researchers
from forum.threads.models import Post
from tests.support import factories as make
from tests.support.research import study_world
from tests.support.servers.commands import run_command


def test_a_look_alike_does_not_speak_as_the_member(app: Flask) -> None:
    lines = [
        {"type": "group", "slug": "tent", "name": "The tent"},
        *({"type": "member", "handle": handle} for handle in ("clown", "down", "CLOWN")),
        *({"type": "membership", "group": "tent", "handle": h} for h in ("Clown", "down")),
        {
            "type": "thread",
            "ref": "1",
            "group": "tent",
            "author": "clown",
            "title": "One",
            "body": "a",
        },
        {"type": "post", "thread": "1", "author": "down", "body": "not the words of clown"},
        {"type": "post", "thread": "1", "author": "ClOwN", "body": "b"},
    ]
    reasons: dict[int, str] = {}
    raw = (json.dumps(line).encode() for line in lines)
    report = load_lines(enumerate(raw, 1), reasons.__setitem__)
    assert not reasons
    assert report.already["member"] == 1
    assert report.renamed == {"down": "down-2"}
    db.release_session()
    author = select(Post.body, Account.handle).join(Account, Account.id == Post.author_id)
    assert {row.body: row.handle for row in current_session().execute(author)} == {
        "a": "clown",
        "not the words of clown": "down-2",
        "b": "clown",
    }


@pytest.mark.parametrize("handle", ["down", "clovvn"])
def test_a_researcher_is_not_named_by_a_look_alike(app: Flask, handle: str) -> None:
    make.person("clown")
    study_id = study_world.study(opened=False).study_id
    with pytest.raises(Invalid):
        researchers.name_researcher(None, study_id, handle)
    researchers.name_researcher(None, study_id, " Clown ")


@pytest.fixture
def suspended(tmp_path: Path) -> Result:
    """Return what `forum user suspend` says of an account that only looks like a member."""
    assert run_command(tmp_path, "user", "create", "clown").exit_code == 0
    return run_command(tmp_path, "user", "suspend", "down", "--days", "3", "--because", "of it")


def test_the_operator_does_not_pause_a_look_alike(suspended: Result) -> None:
    assert suspended.exit_code == 1
    assert "There is no account down." in suspended.output
    known = queries.viewer(queries.account_id_of_exact("clown") or 0)
    assert known is not None
    assert not known.suspended
