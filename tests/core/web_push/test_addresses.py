"""To whom the forum may send: services that were named, and nothing in its own network."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core import web_push
from forum.core.web_push import configuration, endpoints, outcomes
from forum.core.web_push.addresses import NotAllowed, is_public, open_socket
from forum.core.web_push.configuration import Configuration
from forum.settings.push_values import SERVICES
from tests.support.servers.push_services import CONTACT, KEY, PushService, push_service

INSIDE = """
    127.0.0.1 127.8.9.1 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1
    240.0.0.1 255.255.255.255 192.0.0.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::7f00:1 64:ff9b::a00:1
    2001:db8::1 fec0::1
""".split()  # noqa: SIM905 - a list would be of one address a line
OPEN = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_ones_own_network_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_internet_is_allowed(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_in_another_is_judged_by_itself(address: Any) -> None:
    for wrapped in (f"::ffff:{address}", str(ip_address((0x64FF9B << 96) | int(address)))):
        assert is_public(ip_address(wrapped)) == is_public(address)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def_-1",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QABC",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2f",
        "https://fcm.googleapis.com:443/send/1",
    ],
)
def test_addresses_of_well_known_browsers_are_allowed(endpoint: str) -> None:
    assert endpoints.is_allowed(endpoint, SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/send/1",
        "ftp://fcm.googleapis.com/send/1",
        "//fcm.googleapis.com/send/1",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com:8443/send/1",
        "https://fcm.googleapis.com.evil.example/send/1",
        "https://evil.example/fcm.googleapis.com/",
        "https://evilpush.apple.com/1",
        "https://push.apple.com/1",
        "https://fcm.googleapis.com@127.0.0.1/send/1",
        "https://user:word@fcm.googleapis.com/send/1",
        "https://127.0.0.1/send/1",
        "https://[::1]/send/1",
        "https://2130706433/send/1",
        "https://localhost/send/1",
        "https://fcm.googleapis.com/send/1#there",
        "https://fcm.googleapis.com\\@127.0.0.1/send/1",
        "https://fcm.googleapis.com/send/1\r\nHost: elsewhere",
        "https://fcm.googleapis.com/send/ 1",
        "https://fcm。googleapis。com/send/1",
        "https://fcm.googleapis.com/" + "a" * endpoints.LENGTH_MAX,
    ],
)
def test_any_other_address_is_refused(endpoint: str) -> None:
    assert not endpoints.is_allowed(endpoint, SERVICES)


def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    with push_service() as service:
        configuration.use(Configuration(KEY, (service.name,), CONTACT))
        browser = service.browser()
        assert not web_push.may_reach(browser.endpoint)
        with pytest.raises(NotAllowed):
            open_socket("localhost", service.port, is_public, 1.0)
        outcome = _send(service, browser.endpoint)
        assert outcome == web_push.Refused(outcomes.INSIDE)
        assert service.arrived == []


def test_a_name_that_changes_after_it_was_judged_leads_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up: list[str] = []
    connected: list[Any] = []

    def rebinding(host: str, port: int, **_how: Any) -> Any:
        looked_up.append(host)
        address = "93.184.216.34" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def refuse(place: Any, *_how: Any) -> Any:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(ConnectionRefusedError):
        open_socket("push.example.org", 443, is_public, 1.0)
    assert (len(looked_up), connected) == (1, [("93.184.216.34", 443)])


def test_a_service_that_is_no_longer_named_gets_nothing() -> None:
    with push_service() as service:
        configuration.use(Configuration(KEY, SERVICES, CONTACT))
        outcome = _send(service, service.browser().endpoint)
    assert outcome == web_push.Refused(outcomes.ELSEWHERE)


def _send(service: PushService, endpoint: str) -> web_push.Outcome:
    device = web_push.Device(endpoint, *list(service.browser().subscription.values())[1:])
    return web_push.deliver(device, b"{}", ttl_s=60, urgency="normal", topic="one")
