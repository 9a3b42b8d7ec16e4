"""Mails with a link for a new password: few to one mailbox, whoever asks, however it is written."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from forum.app import create_app
from forum.core import db
from forum.settings.environment import Settings
from tests.support.servers.mailboxes import Mailbox, mailbox
from tests.support.worlds.account_forms import post_form, register_member


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """Return a mail server of this test alone."""
    with mailbox() as made:
        yield made


@pytest.fixture
def limited(settings: Settings, box: Mailbox) -> Iterator[Flask]:
    """Return a forum that sends mail there, with its rate limits on."""
    mailing = replace(settings, mail_url=box.url, mail_from="forum@example.org", rate_limits=True)
    yield create_app(mailing)
    db.engine().dispose()


def test_one_mailbox_gets_few_links_however_it_is_written(limited: Flask, box: Mailbox) -> None:
    register_member("fern", email="fern@example.org")
    statuses = []
    for number in range(8):
        client = limited.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        written = ("fern@example.org", f"fern+{number}@example.org")[number % 2]
        statuses.append(post_form(client, "/forgot", email=written).status_code)
    assert statuses == [200] * 5 + [429] * 3
    assert len(box.mails) == 3
