"""What a channel need not say: with nothing to let go of, and nobody to tell of what failed."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.core import clock
from forum.core.db import current_session
from forum.notifications.channels import registry
from forum.notifications.channels.channel import Channel, Retry
from forum.notifications.outbox.models import Delivery
from forum.notifications.outbox.sender import Sender
from tests.support.worlds.outbox_world import PostBox, Readers


def test_one_without_a_last_word_gives_up_after_a_day_as_others_do(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox(lambda _account_id: Retry("nobody answers")).channel
    plain = Channel(name=box.name, available=box.available, reaches=box.reaches, send=box.send)
    monkeypatch.setattr(registry, "all_channels", lambda: (plain,))
    Readers().reply()

    def delivery() -> Delivery:
        return current_session().query(Delivery).one()

    begun, now = clock.now(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    while delivery().state == "waiting":
        assert now - begun < timedelta(days=2)
        now = delivery().due_at
        Sender().send_due()
    assert delivery().state == "failed"
