"""The demo community: large enough, believable in time, and safe in what it says."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from forum.accounts import queries as account_queries
from forum.accounts import service as accounts_service
from forum.accounts.login.passwords import matches
from forum.accounts.models import ADMINISTRATOR, Account
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.db import Base, current_session
from forum.core.translation import catalogues
from forum.demo import community as demo
from forum.demo import study
from forum.demo import text as demo_text
from forum.demo.accounts import ACCOUNTS
from forum.groups.models import APPROVAL, HIDDEN, OPEN, Group, Membership
from forum.home import queries as home
from forum.moderation.audit_log import queries as log
from forum.moderation.queue import queries as queue_queries
from forum.moderation.reports import queries as report_queries
from forum.moderation.second_approval import approvers
from forum.notifications import queries as notifications
from forum.research import queries
from forum.research.completeness import completeness_check
from forum.research.figures import figure_jobs, figure_store
from forum.research.figures.filters import FigureFilter
from forum.research.releases import pipeline
from forum.research.releases.release_request import TIERS
from forum.research.studies import researcher_access
from forum.settings.environment import Settings
from forum.threads.models import Post, Thread
from tests.support.research.partial_installs import run_without_libraries
from tests.support.suite.thoroughness import EVERY_CASE

TOPICS = {"Depression", "Anxiety", "Bereavement", "Chronic illness", "Carers"}
PRIVATE = re.compile(r"https?:|www\.|\w\.(com|org|net|uk)\b|\S@\S+\.\w|\d[\d ()/-]{5,}\d")
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def _count(model: type[Base]) -> int:
    return current_session().scalar(select(func.count()).select_from(model)) or 0


def _groups(now: datetime) -> list[demo_text.Group]:
    return [
        demo_text.read(path.read_text(encoding="utf-8"), now)
        for path in sorted(demo_text.DATA.glob("*.md"))
    ]


@pytest.mark.parametrize(
    "database_url", ["sqlite", *(["postgresql"] if EVERY_CASE else [])], indirect=True
)
@pytest.mark.timeout(400)  # it writes a whole community, and draws figures
def test_an_empty_forum_is_filled_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["forum.settings.environment"]
    monkeypatch.setenv("FORUM_INSTANCE", str(settings.instance))
    monkeypatch.setenv("FORUM_DATABASE_URL", settings.database_url)
    # tests/research/figures/test_languages.py draws figures in each language.
    monkeypatch.setattr(catalogues, "codes", lambda: ["en"])
    told = _filled(settings)
    figure_jobs.draw_due(settings.instance)  # as the server does when it has started
    assert all(one.password in told for one in ACCOUNTS)
    counts = [_count(model) for model in (Group, Account, Thread, Post)]
    _check_size(counts)
    _check_greetings()
    _check_queue()
    _check_accounts()
    _check_study(settings.instance)
    if settings.database_url.startswith("sqlite"):
        _check_releases(settings.instance)
    db.release_session()
    second = CliRunner().invoke(demo.command)
    assert second.exit_code == 1
    assert "already" in second.output
    assert [_count(model) for model in (Group, Account, Thread, Post)] == counts


def _filled(settings: Settings) -> str:
    """Fill the forum, and return what was printed; on SQLite without the libraries of research."""
    if settings.database_url.startswith("postgresql"):
        first = CliRunner().invoke(demo.command)
        assert first.exit_code == 0, first.output
        return first.output
    plain = run_without_libraries("demo")
    assert plain.returncode == 0, plain.stderr
    assert "pip install" in plain.stdout
    return plain.stdout


def _check_size(counts: list[int]) -> None:
    assert all(n >= least for n, least in zip(counts, (6, 40, 60, 400), strict=True)), counts
    assert set(current_session().scalars(select(Group.topic))) >= TOPICS
    assert set(current_session().scalars(select(Group.visibility))) == {OPEN, APPROVAL, HIDDEN}
    assert current_session().scalars(select(Group.id).where(Group.readable_by_all)).all()
    assert (current_session().scalar(select(func.max(Thread.post_count))) or 0) >= 45


def _check_queue() -> None:
    lantern = _viewer("old_lantern")
    kinds = {entry.kind for entry in queue_queries.open_items(lantern)}
    assert kinds == {
        "report",
        "crisis_alert",
        "watched_word",
        "unanswered",
        "join_request",
        "pending_post",
    }
    assert len(queue_queries.resolved_items(lantern)) > 10
    fernway = report_queries.own_reports(_viewer("fernway").id or 0)
    assert [row.answered_at is not None for row in fernway] == [True, False, False, False]
    done = [row.action for row in log.find(lantern, log.LogFilter())]
    assert "call" in done  # the forum calls people to the crisis by itself
    done = [action for action in done if action != "call"]
    assert done == [
        "review",
        "warn",
        "undo",
        "hide",
        "content_note",
        "hide",
        "hide_by_reports",  # which three members reported
    ]
    assert [one.action for one in approvers.pending_for(lantern)] == ["delete"]


def _check_study(instance: Path) -> None:
    """There is a page to look at, and the printed member takes part."""
    shown = figure_store.figures_of(
        figure_jobs.figures_folder(instance, study.SLUG), FigureFilter()
    )
    assert shown["days"] >= 140
    assert len(shown["figures"]) == 10
    takes_part = queries.study_for(_viewer(study.SURE), study.SLUG)
    assert takes_part.consent
    assert queries.count_own_events(takes_part.participant or 0) > 50
    assert list(completeness_check.findings()) == []
    researcher = _viewer(study.RESEARCHER)
    assert researcher_access.study_for(researcher, study.SLUG).state == "open"
    assert "a researcher on" in notifications.lines(researcher)[0].about


def _check_releases(instance: Path) -> None:
    """Each tier can be released at once."""
    for tier in TIERS:
        asked: dict[str, Any] = {"made_by": "A test", "reason": "A look", "recipient": "Nobody"}
        pipeline.make(study.SLUG, instance / tier, tier=tier, agreement=b"A look.", **asked)
    report = json.loads((instance / "microdata" / "disclosure.json").read_text())
    assert report["findings"]["k_reached"] >= 11
    assert report["findings"]["left_out_share"] <= 0.1


def _viewer(handle: str) -> Viewer:
    found = account_queries.viewer(
        current_session().scalar(select(Account.id).where(Account.handle == handle)) or 0
    )
    assert found
    return found


def _check_greetings() -> None:
    """Every group greets its newcomers, and has one place for them to say hello."""
    for group in current_session().execute(select(Group.id, Group.guidelines, Group.welcome)):
        hellos = select(Thread.id).where(Thread.group_id == group.id, Thread.is_introductions)
        assert len(current_session().scalars(hellos).all()) == 1
        assert group.guidelines
        assert group.welcome


def _check_accounts() -> None:
    """The printed accounts work, and are what the print says."""
    found = {}
    for one in ACCOUNTS:
        account = (
            current_session().scalars(select(Account).where(Account.handle == one.handle)).one()
        )
        assert matches(account.password_hash, one.password)
        roles = select(Membership.role).where(Membership.account_id == account.id)
        found[one.handle] = {account.role, *current_session().scalars(roles)}
    assert found["fernway"] == {"member"}
    viewer = account_queries.viewer(account_queries.account_id_of("fernway") or 0)
    assert viewer
    assert 3 <= sum(home.member_home(viewer).unread.values()) <= 20  # as to who comes back
    assert "facilitator" in found["hazelmoor"]
    assert "moderator" in found["old_lantern"]
    assert ADMINISTRATOR in found["keeper"]
    assert found[study.RESEARCHER] == {"member"}  # of the site; they are in no group


def test_the_demo_leaves_a_forum_with_accounts_alone(app: Flask) -> None:
    accounts_service.create_account("first-one")
    assert not demo.fill_if_empty()
    assert _count(Post) == 0


@pytest.mark.parametrize("hour", [0, 4, 12, 23])
def test_time_runs_forward_and_ends_minutes_ago(hour: int) -> None:
    now = NOON.replace(hour=hour, minute=1)
    moments = []
    for group in _groups(now):
        for thread in group.threads:
            assert all(a.at < b.at for a, b in pairwise(thread.posts)), thread.title
            moments += [post.at for post in thread.posts]
    assert max(moments) <= now
    assert now - max(moments) < timedelta(hours=1)
    assert now - min(moments) > timedelta(days=140)


def test_nobody_can_be_found_or_written_to() -> None:
    for group in _groups(NOON):
        words = [*group.fields.values(), *(thread.title for thread in group.threads)]
        words += [post.body for thread in group.threads for post in thread.posts]
        assert not [text for text in words if PRIVATE.search(text)]


def test_nobody_reacts_to_themselves_and_every_mention_is_a_member() -> None:
    groups = _groups(NOON)
    people = {handle for group in groups for handle in group.people()}
    for post in (p for group in groups for thread in group.threads for p in thread.posts):
        assert post.author not in [who for _, who in post.reactions]
        assert len(post.reactions) == len(set(post.reactions))
        assert set(re.findall(r"@([\w-]+)", post.body)) <= people
    bodies = [post.body for group in groups for thread in group.threads for post in thread.posts]
    assert len(bodies) == len(set(bodies))
