"""`forum mail`: plain sentences, and statuses that scripts can read."""

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update

from forum.accounts import queries
from forum.accounts.identity import verified_emails
from forum.accounts.models import Account, VerifiedEmail
from forum.core import clock
from forum.core.db import transaction
from forum.core.mail import outcomes
from tests.support.databases.real_databases import lay_out
from tests.support.servers.commands import refusal, run_command
from tests.support.servers.smtp_servers import smtp_server

ADDRESS = "fern@example.org"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a forum that has its tables and its own address."""
    lay_out(tmp_path)
    monkeypatch.setenv("FORUM_ORIGINS", "https://forum.example.org")
    monkeypatch.setenv("FORUM_MAIL_FROM", "forum@example.org")
    return tmp_path


def run_test(instance: Path) -> Result:
    """Send a test mail."""
    return run_command(instance, "mail", "test", ADDRESS)


def test_a_mail_that_gets_out(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp_server() as box:
        monkeypatch.setenv("FORUM_MAIL_URL", box.url)
        told = run_test(instance)
    assert (told.exit_code, len(box.mails)) == (0, 1)
    assert told.output == (
        "The mail server has taken a mail to fern@example.org. Please check that it arrives.\n"
    )


def test_without_origins_it_says_what_is_missing(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORUM_ORIGINS")
    with smtp_server() as box:
        monkeypatch.setenv("FORUM_MAIL_URL", box.url)
        told = run_test(instance)
    assert told.exit_code == 0
    assert "set FORUM_ORIGINS" in told.output


def test_one_that_does_not_says_why(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp_server() as box:
        monkeypatch.setenv("FORUM_MAIL_URL", box.url)
        box.answers["RCPT"] = "554 5.7.1 Relay access denied"
        assert outcomes.NO_RELAY in refusal(instance, "mail", "test", ADDRESS)
    assert "cannot be reached" in refusal(instance, "mail", "test", ADDRESS)


def test_where_no_server_is_set_and_what_is_no_address(instance: Path) -> None:
    assert "Set FORUM_MAIL_URL" in refusal(instance, "mail", "test", ADDRESS)
    assert "Enter an email address" in refusal(instance, "mail", "test", "fern")
    assert run_command(instance, "mail", "test").exit_code == 2


def test_a_setting_that_cannot_be_meant(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_MAIL_URL", "smtp://:secret@mail.example.org")
    told = refusal(instance, "mail", "test", ADDRESS)
    assert "FORUM_MAIL_URL has a password and no user" in told
    assert "secret" not in told


def test_the_numbers_and_an_address_that_complains(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command(instance, "user", "create", "fern")
    with transaction() as session:
        session.execute(update(Account).values(email=ADDRESS))
        me = queries.account_id_of("fern") or 0
        session.add(VerifiedEmail(account_id=me, email=ADDRESS, verified_at=clock.now()))
    assert "1  confirmed addresses in use" in run_command(instance, "mail", "status").output
    assert run_command(instance, "mail", "off", ADDRESS).exit_code == 0
    assert verified_emails.address_of(me) is None
    told = run_command(instance, "mail", "status").output
    assert "0  confirmed addresses in use" in told
    assert "1  addresses switched off with forum mail off" in told
    assert run_command(instance, "mail", "off", ADDRESS).exit_code == 1
    assert "Its owner" not in run_command(instance, "mail", "off", "nobody@example.org").output
    for status in (0, 1):
        assert run_command(instance, "mail", "on", ADDRESS).exit_code == status
    assert "Give an email address" in refusal(instance, "mail", "off", "")
