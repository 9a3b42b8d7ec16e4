"""Every action is found by itself, is complete, and has the template that it asks for."""

from pathlib import Path

import pytest

from forum.moderation.actions import log_entries, registry
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import TARGETS

TEMPLATES = Path(registry.__file__).parents[3] / "templates" / "moderation" / "actions" / "fields"


def test_each_file_of_an_action_is_found() -> None:
    files = [
        path
        for folder in registry.FOLDERS
        for path in Path(folder.__path__[0]).glob("*.py")
        if path.stem != "__init__"
    ]
    assert len(ACTIONS) == len(files) > 30


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_complete(name: str) -> None:
    action = ACTIONS[name]
    assert len(name) <= 20  # as the log keeps it
    assert action.on in TARGETS
    assert action.label
    assert action.about.endswith(".")
    assert log_entries.LABELS[name] == action.done
    assert action.told
    assert not action.asks or (TEMPLATES / f"{action.asks}.html").exists()


def test_no_template_is_left_over() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.html")} == {
        action.asks for action in ACTIONS.values() if action.asks
    }
