"""Handing messages to a real push service: what it gets, and what its answers mean."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from forum.core import clock, web_push
from forum.core.web_push import configuration, outcomes, sending
from forum.core.web_push.configuration import Configuration
from forum.core.web_push.outcomes import Expired, Later, Outcome, Refused, Taken
from tests.support.servers.push_services import (
    CONTACT,
    KEY,
    Browser,
    PushService,
    loopback,
    push_service,
)


@pytest.fixture
def service() -> Iterator[PushService]:
    """Return a push service."""
    with push_service() as running:
        yield running


def send(browser: Browser, words: bytes = b'{"title": "New"}') -> Outcome:
    """Send to a browser."""
    return web_push.deliver(browser.device, words, ttl_s=60, urgency="high", topic="a_topic")


def test_a_message_arrives_encrypted_and_signed(service: PushService) -> None:
    browser = service.browser()
    assert send(browser) == Taken()
    assert service.told(browser) == [{"title": "New"}]
    (arrived,) = service.arrived
    assert b"New" not in arrived.body
    headers = {name: arrived.headers[name] for name in ("TTL", "Urgency", "Topic")}
    assert headers == {"TTL": "60", "Urgency": "high", "Topic": "a_topic"}
    assert arrived.headers["Content-Encoding"] == "aes128gcm"
    assert "User-Agent" not in arrived.headers
    claims = arrived.claims
    assert (claims["aud"], claims["sub"]) == (f"https://{service.name}", CONTACT)
    left = claims["exp"] - clock.now().timestamp()
    assert 0 < left < 24 * 3600


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Taken()),
        (202, Taken()),
        (404, Expired()),
        (410, Expired()),
        (400, Refused(outcomes.NOT_TAKEN)),
        (413, Refused(outcomes.NOT_TAKEN)),
        (401, Later(outcomes.NOT_OURS)),
        (403, Later(outcomes.NOT_OURS)),
        (429, Later(outcomes.TOO_MANY)),
        (500, Later(outcomes.TROUBLED)),
        (503, Later(outcomes.TROUBLED)),
        (307, Later(outcomes.NOT_TAKEN)),
    ],
)
def test_what_an_answer_means(service: PushService, status: int, outcome: Outcome) -> None:
    browser = service.browser()
    service.answer(browser, status)
    service.headers["Location"] = f"https://{service.name}/send/elsewhere"
    assert send(browser) == outcome
    assert all(one.path != "/send/elsewhere" for one in service.arrived)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("90", 90), ("0", 0), ("soon", None), ("-5", None), ("9" * 30, None), ("", None)],
)
def test_how_long_a_service_wants_to_be_left_alone(
    service: PushService, given: str, seconds: int | None
) -> None:
    browser = service.browser()
    service.answer(browser, 429)
    service.headers["Retry-After"] = given
    outcome = send(browser)
    assert isinstance(outcome, Later)
    assert outcome.after == (None if seconds is None else timedelta(seconds=seconds))


def test_it_may_name_a_date() -> None:
    outcome = outcomes.of(503, "Fri, 31 Dec 2100 23:59:59 GMT")
    assert isinstance(outcome, Later)
    assert outcome.after
    assert outcome.after > timedelta(days=365)
    assert outcomes.of(503, "Fri, 31 Dec 1999 23:59:59 GMT") == Later(
        outcomes.TROUBLED, timedelta()
    )


@pytest.mark.parametrize("status", [0, -1], ids=["says nothing", "says a byte at a time"])
def test_one_that_does_not_come_to_an_end_is_cut_off(
    service: PushService, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(sending, "ALL_WITHIN_S", 0.3)
    browser = service.browser()
    service.answer(browser, status)
    assert send(browser) == Later(outcomes.TOO_SLOW)


def test_one_that_is_away_is_tried_later(service: PushService) -> None:
    configuration.use(Configuration(KEY, ("localhost:9",), CONTACT, loopback))
    assert send(Browser("https://localhost:9/1")) == Later(outcomes.AWAY)


def test_a_certificate_that_does_not_hold_gets_nothing(service: PushService) -> None:
    configuration.use(Configuration(KEY, (service.name,), CONTACT, loopback))
    assert send(service.browser()) == Later(outcomes.UNTRUSTED)
    assert service.arrived == []
