"""Devices on which somebody has logged in before: a signed cookie that names nobody.

It opens nothing. It only keeps a budget of tries for its owner while others guess the password.
"""

import hmac
import re
import secrets
from collections.abc import Callable

from flask import after_this_request, request
from werkzeug.wrappers import Response

from forum.core import ids
from forum.core.web import cookies

COOKIE = "known_device"
PEOPLE_MAX = 3  # who share a computer
YEAR_S = 365 * 24 * 3600
_SHAPE = re.compile(r"[\w-]{22}(?:\.[0-9a-f]{32}){1,3}")
_key = ""


def init(key: str) -> None:
    """Sign with this secret from now on."""
    global _key
    _key = key


def known_device(whose: str) -> str | None:
    """Return the id of the device that asks, if this account has logged in on it before."""
    return _read()[0] if used_here()(whose) else None


def used_here() -> Callable[[str], bool]:
    """Return what tells which accounts have logged in on the device that asks.

    The cookie is read once, so many can be asked about; without one, nothing is computed.
    """
    device, marks = _read()

    def has_been_used_here(whose: str) -> bool:
        expected = _mark(device, whose)
        return any(hmac.compare_digest(expected, mark) for mark in marks)

    return has_been_used_here if marks else lambda _: False


def remember(whose: str) -> None:
    """Let the answer to this request mark the device as one on which this account logs in."""
    device, marks = _read()
    device = device or secrets.token_urlsafe(16)
    mark = _mark(device, whose)
    value = ".".join([device, mark, *(other for other in marks if other != mark)][: 1 + PEOPLE_MAX])

    @after_this_request
    def keep(answer: Response) -> Response:
        cookies.keep(answer, COOKIE, value, YEAR_S)
        return answer


def _read() -> tuple[str, list[str]]:
    value = cookies.read(request, COOKIE)
    if len(value) > 200 or not _SHAPE.fullmatch(value):
        return "", []
    device, *marks = value.split(".")
    return device, marks


def _mark(device: str, whose: str) -> str:
    return ids.keyed_digest(f"known device {device} {whose}", _key)[:32]
