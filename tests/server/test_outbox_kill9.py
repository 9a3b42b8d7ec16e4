"""A worker that is killed again and again loses nothing, and sends nothing twice that it noted."""

import multiprocessing
import os
import random
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.models import Account, VerifiedEmail
from forum.app import create_app
from forum.cli import main
from forum.core import clock, db
from forum.core.db import current_session, release_session, transaction
from forum.notifications.outbox import leases, sender
from forum.notifications.outbox.models import SENT, Delivery
from forum.settings.environment import from_environment
from tests.support.databases.real_databases import lay_out
from tests.support.servers.smtp_servers import smtp_server
from tests.support.suite.thoroughness import EVERY_CASE

COUNT, KILLS = (500, 20) if EVERY_CASE else (250, 10)
LEASE_S = 1.0
# Workers are forked from a process that has loaded the forum, which takes longest otherwise.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["forum.app", "forum.jobs", "forum.cli.main", "forum.cli.worker"])


def work(environ: dict[str, str]) -> None:
    """Be `forum worker --stay`, whose leases others take back after a second."""
    os.environ.update(environ)
    leases.LEASE_S, leases.CLAIMED_AT_ONCE, sender.PATIENCE_S = LEASE_S, 5, 0.0
    sys.argv = ["forum", "worker", "--stay"]
    main.main()


@pytest.fixture
def settings_of(tmp_path: Path) -> dict[str, str]:
    """Return the settings of a forum that sends mail, but for where the mail server is."""
    lay_out(tmp_path)
    return {
        "FORUM_INSTANCE": str(tmp_path),
        "FORUM_MAIL_FROM": "forum@example.org",
        "FORUM_ORIGINS": "https://forum.example.org",
        "FORUM_LOG_LEVEL": "error",
    }


def let_wait() -> dict[int, str]:
    """Let an email wait for each of many people, about new recovery codes; return who they are."""
    people = [accounts.create_account(f"person{n}") for n in range(COUNT)]
    with transaction() as session:
        for account in session.scalars(select(Account).where(Account.id.in_(people))):
            account.email = f"{account.handle}@example.org"
            confirmed = {"email": account.email, "verified_at": clock.now()}
            session.add(VerifiedEmail(account_id=account.id, **confirmed))
    for one in people:
        accounts.give_recovery_codes(one)
    return {one: f"person{n}@example.org" for n, one in enumerate(people)}


def sent() -> set[int]:
    """Return whom the forum has noted as told."""
    release_session()
    noted = select(Delivery.account_id).where(Delivery.state == SENT)
    return set(current_session().scalars(noted))


def work_until(count: int, environ: dict[str, str]) -> None:
    """Run a worker until so many are noted, and kill it a moment later."""
    worker = FORKS.Process(target=work, args=(environ,), daemon=True)
    worker.start()
    until = time.monotonic() + 60
    while len(sent()) < count:
        assert time.monotonic() < until, f"{len(sent())} of {count}"
        time.sleep(0.02)
    time.sleep(random.uniform(0, 0.05))
    worker.kill()
    worker.join()


@pytest.mark.timeout(400)
def test_none_is_lost_and_none_sent_twice_that_was_noted(settings_of: dict[str, str]) -> None:
    noted: list[tuple[int, set[int]]] = []
    with smtp_server() as box:
        environ = {**settings_of, "FORUM_MAIL_URL": box.url}
        create_app(from_environment(environ))
        emails = let_wait()
        for kill in range(1, KILLS + 1):
            work_until(kill * COUNT // (KILLS + 5), environ)
            noted.append((len(box.mails), sent()))
        work_until(COUNT, environ)
    db.close()
    arrived = [str(mail["To"]) for mail in box.mails]
    assert set(arrived) == set(emails.values())
    for at, people in noted:
        assert not {emails[one] for one in people} & set(arrived[at:])
    # At each kill, one at the most was taken and not yet noted; a mailbox knows it as the same.
    assert len(arrived) - COUNT <= KILLS
    assert len({mail["Message-ID"] for mail in box.mails}) == COUNT
    print(f"{KILLS} kills, {len(arrived) - COUNT} of {COUNT} mails taken twice")
