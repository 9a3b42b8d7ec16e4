"""Attempts are counted by where they come from; an IPv6 network is one place."""

import pytest
from flask import Flask

from forum.core.web import rate_limits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
        ("203.0.113.9:51000", "203.0.113.9:52000", True),
        ("203.0.113.9:51000", "203.0.113.9", True),
        ("203.0.113.9:51000", "203.0.113.10:51000", False),
        ("[2001:db8:1:2::1]:51000", "2001:db8:1:2::7", True),
        ("[2001:db8:1:2::1]", "[2001:db8:1:3::1]:51000", False),
        ("", "", True),
        ("nowhere", "elsewhere", False),
    ],
)
def test_whence(one: str, other: str, same: bool) -> None:
    app = Flask("nothing")
    found = []
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            found.append(rate_limits.client_address())
    assert (found[0] == found[1]) is same
