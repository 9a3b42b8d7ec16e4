"""Who sees a post, and a message in a meeting: role x kind of group x state x path."""

import pytest
from flask import Flask

from tests.support.permissions import matrix_messages, matrix_posts
from tests.support.permissions.matrix_world import GROUPS, STATES, build


@pytest.mark.every_case
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", GROUPS)
def test_everybody_sees_what_the_tables_say(app: Flask, kind: str, state: str) -> None:
    world = build(app, kind, state)
    wrong = matrix_posts.wrong_in(world, kind, state)
    if state in matrix_messages.SEES:  # a message never waits for a look
        wrong += matrix_messages.wrong_in(world, state)
    assert not wrong, "\n".join(sorted(wrong))
