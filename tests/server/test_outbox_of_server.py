"""The server itself sends what waits, and a mail server that hangs keeps nobody waiting."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.models import Account, VerifiedEmail
from forum.app import create_app
from forum.core import clock, db
from forum.core.db import current_session, release_session, transaction
from forum.notifications.outbox.models import Delivery
from forum.settings.environment import from_environment
from tests.support.servers.real_servers import running
from tests.support.servers.smtp_servers import smtp_server

WITHIN_S = 40.0


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the settings of a forum that sends mail, but for where the mail server is."""
    yield {
        "FORUM_INSTANCE": str(tmp_path),
        "FORUM_MAIL_FROM": "forum@example.org",
        "FORUM_ORIGINS": "https://forum.example.org",
        "FORUM_SECRET_KEY": "k" * 40,
    }
    db.close()


def let_wait(environ: dict[str, str]) -> None:
    """Let an email wait, in the database of a server that runs."""
    create_app(from_environment(environ))
    me = accounts.create_account("fern")
    with transaction() as session:
        account = session.get(Account, me)
        assert account
        account.email = "fern@example.org"
        session.add(VerifiedEmail(account_id=me, email=account.email, verified_at=clock.now()))
    accounts.give_recovery_codes(me)


def state() -> tuple[str, int]:
    """Return the state of the one delivery, and how often it was tried."""
    release_session()
    row = current_session().execute(select(Delivery.state, Delivery.attempts)).one()
    return row.state, row.attempts


def test_the_server_sends_what_waits(environ: dict[str, str]) -> None:
    with smtp_server() as box:
        environ["FORUM_MAIL_URL"] = box.url
        with running(environ) as server:
            let_wait(environ)
            until = time.monotonic() + WITHIN_S
            while state()[0] != "sent":
                assert time.monotonic() < until, server.output.read_text()
                time.sleep(0.1)
    assert [str(mail["To"]) for mail in box.mails] == ["fern@example.org"]


def test_while_a_mail_server_hangs_pages_are_answered(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environ["FORUM_MAIL_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with running(environ) as server:
            assert "took too long to answer" in server.output.read_text()
            let_wait(environ)
            until, slowest = time.monotonic() + WITHIN_S, 0.0
            while state()[0] != "sending":
                assert time.monotonic() < until, server.output.read_text()
                time.sleep(0.1)
            for _ in range(20):
                began = time.monotonic()
                assert server.is_ready()
                slowest = max(slowest, time.monotonic() - began)
                time.sleep(0.1)
            assert state() == ("sending", 1)
    assert slowest < 2, slowest
