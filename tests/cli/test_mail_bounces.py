"""`forum mail bounces`: reports from a pipe or a folder; any other mail does nothing."""

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update

from forum.accounts import queries
from forum.accounts.email_delivery import bounces
from forum.accounts.identity import verified_emails
from forum.accounts.models import Account, VerifiedEmail
from forum.core import clock
from forum.core.db import release_session, transaction
from tests.support.databases.real_databases import lay_out
from tests.support.mail_reports import not_delivered
from tests.support.servers.commands import run_command

ADDRESS = "fern@example.org"


@pytest.fixture
def report(tmp_path: Path) -> bytes:
    """Return a report about a mail to somebody who has confirmed an address."""
    lay_out(tmp_path)
    run_command(tmp_path, "user", "create", "fern")
    with transaction() as session:
        session.execute(update(Account).values(email=ADDRESS))
        me = queries.account_id_of("fern") or 0
        session.add(VerifiedEmail(account_id=me, email=ADDRESS, verified_at=clock.now()))
    own = f"Message-ID: <{'a' * 40}.{bounces.token_of(me, ADDRESS)}@example.org>\n\n"
    return not_delivered(own.encode())


def is_on() -> bool:
    """Whether mail goes to the address."""
    release_session()
    return verified_emails.address_of(queries.account_id_of("fern") or 0) is not None


def pipe(instance: Path, mail: bytes) -> Result:
    """Hand a mail to the command, as a mail server does."""
    return run_command(instance, "mail", "bounces", piped=mail)


def test_a_mail_server_hands_over_one(tmp_path: Path, report: bytes) -> None:
    told = pipe(tmp_path, b"Subject: Out of office\n\nI am away")
    assert (told.exit_code, "other mails" in told.output, is_on()) == (0, True, True)
    told = pipe(tmp_path, report)
    assert (told.exit_code, "address switched off" in told.output, is_on()) == (0, True, False)
    assert ADDRESS not in told.output


def test_a_folder_is_read_once(tmp_path: Path, report: bytes) -> None:
    maildir = tmp_path / "Maildir"
    (maildir / "new").mkdir(parents=True)
    (maildir / "new" / "1.one.here").write_bytes(report)
    (maildir / "new" / "2.two.here").write_bytes(b"")
    told = run_command(tmp_path, "mail", "bounces", "--maildir", str(maildir))
    assert told.exit_code == 0
    assert not is_on()
    assert sorted(one.name for one in (maildir / "cur").iterdir()) == [
        "1.one.here:2,S",
        "2.two.here:2,S",
    ]
    assert run_command(tmp_path, "mail", "bounces", "--maildir", str(maildir)).output == ""


def test_what_cannot_be_read_now_is_to_be_tried_later(tmp_path: Path, report: bytes) -> None:
    (tmp_path / "empty").mkdir()
    told = run_command(tmp_path, "mail", "bounces", "--maildir", str(tmp_path / "empty"))
    assert told.exit_code == 75
