"""Each type of notification is found in its file, and says all that it needs."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import String

from forum import wiring
from forum.notifications import registry, types
from forum.notifications.models import MENTION, NEW_THREAD, REACTION, REPLY, Notification
from forum.notifications.registry import NotificationType

FILES = [found.name for found in pkgutil.iter_modules(types.__path__)]
OF_POSTS = {MENTION, NEW_THREAD, REACTION, REPLY}


def declared(module: ModuleType) -> Iterator[NotificationType]:
    """Yield the types of a file."""
    for found in vars(module).values():
        for one in found if isinstance(found, tuple) else (found,):
            if isinstance(one, NotificationType):
                yield one


@pytest.mark.parametrize("name", FILES)
def test_a_type_is_found_by_being_in_a_file(name: str) -> None:
    found = list(declared(importlib.import_module(f"{types.__name__}.{name}")))
    assert found
    assert all(registry.named(one.name) is one for one in found)


def test_every_type_has_a_name_that_can_be_stored_and_words_of_its_own(app: Flask) -> None:
    column = Notification.__table__.c.type.type
    assert isinstance(column, String)
    for one in registry.all_types():
        assert len(one.name) <= (column.length or 0)
        assert bool(one.text) != (one.name in OF_POSTS), one.name
        assert not one.text or one.text.format(title="Sleepless")
        assert bool(one.about) or not one.sent_on, one.name


def test_every_event_of_a_type_is_wired(app: Flask) -> None:
    for one in registry.all_types():
        for event in (*one.sent_on, *one.handled_on):
            assert wiring.WITHIN_TRANSACTION[event], one.name
        for event in one.badge_on:
            assert wiring.AFTER_COMMIT[event], one.name
