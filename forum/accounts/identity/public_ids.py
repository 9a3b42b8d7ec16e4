"""What people are called in addresses, pages, answers and downloads: a random id, not their number.

Numbers are given in order: by counting up, one would learn how many people there are, and could try
each. A public id never changes, so both directions are cached.
"""

import re
from functools import lru_cache
from typing import Any

from flask import Flask
from sqlalchemy import bindparam
from sqlalchemy.sql import select
from sqlalchemy.types import Integer
from werkzeug.routing import BaseConverter

from forum.accounts.identity import handles
from forum.accounts.models import Account
from forum.core import ids
from forum.core.db import current_connection

NOBODY = 0  # no account has this number: who is asked for by an unknown id is found nowhere
FORM = "[0-9a-f]{16}"
REMEMBERED = 50_000
_OF = select(Account.public_id).where(Account.id == bindparam("id", type_=Integer))
_ID = select(Account.id).where(Account.public_id == bindparam("public_id"))


class PublicIdConverter(BaseConverter):
    """`<person:account_id>` in an address; the view is given the account's number, or NOBODY."""

    regex = FORM


def init(app: Flask) -> None:
    """Let addresses and templates name people by their public id."""
    app.url_map.converters["person"] = PublicIdConverter
    app.url_value_preprocessor(_numbered)
    app.jinja_env.filters["public_id"] = of
    _of.cache_clear()
    _id_of.cache_clear()


def of(account_id: int | None) -> str:
    """Return the public id of an account; "" for nobody."""
    try:
        return _of(account_id) if account_id else ""
    except LookupError:
        return ""


def id_of(public_id: str) -> int:
    """Return the number of the account with this public id, NOBODY for an unknown one."""
    try:
        return _id_of(public_id) if re.fullmatch(FORM, public_id) else NOBODY
    except LookupError:
        return NOBODY


def digest(public_id: str) -> str:
    """Return by what a person is known again, under whatever handle: nobody can read it."""
    return ids.keyed_digest(f"person {public_id}", handles.secret())


@lru_cache(maxsize=REMEMBERED)
def _of(account_id: int) -> str:
    row = current_connection().execute(_OF, {"id": account_id}).first()
    if row is None:
        raise LookupError(account_id)  # is not remembered: another process may just be making it
    return str(row.public_id)


@lru_cache(maxsize=REMEMBERED)
def _id_of(public_id: str) -> int:
    row = current_connection().execute(_ID, {"public_id": public_id}).first()
    if row is None:
        raise LookupError(public_id)  # is not remembered: somebody may sign up under it
    return int(row.id)


def _numbered(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and isinstance(values.get("account_id"), str):
        values["account_id"] = id_of(values["account_id"])
