"""The channels that there are."""

import importlib
import pkgutil
from functools import cache

from sqlalchemy import Integer, literal, select

from forum.core.db import current_session
from forum.notifications.channels.channel import Channel


@cache
def all_channels() -> tuple[Channel, ...]:
    """Return every channel, whether or not it is set up."""
    package = importlib.import_module("forum.notifications.channels")
    found = pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    modules = [importlib.import_module(one.name) for one in found]
    return tuple(
        one for module in modules for one in vars(module).values() if isinstance(one, Channel)
    )


def available() -> tuple[Channel, ...]:
    """Return the channels that are set up here."""
    return tuple(one for one in all_channels() if one.available())


def named(name: str) -> Channel | None:
    """Return the channel of this name; None for one that this version does not have."""
    return next((one for one in all_channels() if one.name == name), None)


def reaching(account_id: int) -> set[str]:
    """Return the names of the channels by which this account can be told something now."""
    me = literal(account_id, Integer)
    return {one.name for one in available() if current_session().scalar(select(one.reaches(me)))}
