"""What is a person's own, in addresses and answers: by an id that tells nothing of others.

Numbers of rows are given in order for the whole site. Someone who compares two of their own would
learn how much happens in places that they cannot see: how many notes moderators write to people at
risk, for one. A private id is the number, enciphered with the forum's secret key.
"""

import hmac
import re

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter, Map

from forum.core import ids

FORM = "[0-9a-f]{16}"
NOTHING = 0  # no row has this number
_ROUNDS = range(4)
_HALF = 32
_key = b""


class PrivateIdConverter(BaseConverter):
    """`<private:row_id>` in an address; the view is given the row's number."""

    regex = FORM

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)

    def to_python(self, value: str) -> int:
        """Return the number. Raises NotFound for an id that was made up."""
        if (number := id_of(value)) == NOTHING:
            raise NotFound
        return number

    def to_url(self, value: int) -> str:
        """Return the id as addresses have it."""
        return of(value)


def init(app: Flask) -> None:
    """Let addresses and templates name what is somebody's own."""
    global _key
    _key = str(app.config["SECRET_KEY"]).encode()
    app.url_map.converters["private"] = PrivateIdConverter
    app.jinja_env.filters["private_id"] = of


def of(number: int) -> str:
    """Return the private id of a row, the same for as long as the secret key is."""
    left, right = 0, number
    for turn in _ROUNDS:
        left, right = right, left ^ _mixed(turn, right)
    return f"{left:08x}{right:08x}"


def id_of(private_id: str) -> int:
    """Return the number of the row; NOTHING for what is no private id."""
    if not re.fullmatch(FORM, private_id):
        return NOTHING
    left, right = int(private_id[:8], 16), int(private_id[8:], 16)
    for turn in reversed(_ROUNDS):
        left, right = right ^ _mixed(turn, left), left
    return right if left == 0 and right <= ids.ROW_MAX else NOTHING


def _mixed(turn: int, half: int) -> int:
    """Return 32 bits that only the holder of the key can foresee."""
    given = b"private id" + bytes([turn]) + half.to_bytes(_HALF // 8, "big")
    return int.from_bytes(hmac.digest(_key, given, "sha256")[: _HALF // 8], "big")
