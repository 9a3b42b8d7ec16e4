"""All moderation actions, found in the folders of this one: adding a file there adds an action."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from forum.moderation.actions import people, posts, rooms, threads
from forum.moderation.actions.action import Action

FOLDERS = (posts, threads, rooms, people)


def _found(folder: ModuleType) -> Iterator[Action]:
    for module in pkgutil.iter_modules(folder.__path__):
        name = f"{folder.__name__}.{module.name}"
        for value in vars(import_module(name)).values():
            is_action = isinstance(value, type) and issubclass(value, Action)
            if is_action and value.__module__ == name and "name" in vars(value):
                yield value()


# As pages offer them: by folder, and there by position.
ACTIONS: dict[str, Action] = {
    one.name: one
    for folder in FOLDERS
    for one in sorted(_found(folder), key=lambda one: one.position)
}
