"""The demo community on a forum with people in it, or without what its figures need."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Account
from forum.cli import serve
from forum.core.db import current_session
from forum.demo import community
from forum.demo.accounts import ACCOUNTS
from forum.research import optional_dependencies
from forum.settings.environment import Settings
from tests.support import factories as make


def test_where_somebody_is_nothing_is_written(app: Flask) -> None:
    make.person("wren")
    assert not community.fill_if_empty()
    assert current_session().scalar(select(func.count()).select_from(Account)) == 1


def test_where_a_group_is_nothing_is_written(app: Flask) -> None:
    make.group()
    assert not community.fill_if_empty()
    assert current_session().scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_passwords_of_demo_accounts_that_are_there_are_shown(
    app: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    there, *others = ACCOUNTS
    make.person(there.handle)
    serve._show_demo(settings)
    said = capsys.readouterr().out
    assert there.password in said
    assert not [one for one in others if one.password in said]
    assert "Writing the demo community" not in said


def test_what_the_figures_need_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    community.say_what_figures_need()
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(optional_dependencies, "EXTRA", ("no_such_library",))
    community.say_what_figures_need()
    assert "pip install" in capsys.readouterr().out


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_does_not_fit_the_rules_leaves_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(community, "_refusals", lambda _records: ["a title is too long"])
    with pytest.raises(ValueError, match="a title is too long"):
        community.fill_if_empty()
    assert current_session().scalar(select(func.count()).select_from(Account)) == 0
