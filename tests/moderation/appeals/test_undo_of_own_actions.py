"""What one did to one's own words is undone alone only while nobody else has done the same."""

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Forbidden
from forum.moderation.actions import service
from forum.moderation.appeals import policy as undo_policy
from forum.moderation.appeals import undo as appeals_undo
from forum.threads import queries
from tests.support import factories as make
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def test_nobody_shows_alone_what_another_has_hidden_after_them(room: ModerationWorld) -> None:
    group, people, _ = room
    moderator, administrator = people["moderator"], people["administrator"]
    own = make.thread(moderator, group)

    def act(who: str, name: str) -> int:
        made = service.take_action(people[who], name, own.id).log_entry_id
        db.release_session()
        assert made
        return made

    first = act("moderator", "hide")
    act("administrator", "restore")
    again = act("administrator", "hide")
    assert undo_policy.offered(moderator, [first, again]) == set()
    for row in (first, again):
        with pytest.raises(Forbidden):
            appeals_undo.undo(moderator, row)
    db.release_session()
    assert queries.post_for(moderator, own.id).unseen == "hidden"
    appeals_undo.undo(administrator, again)
    appeals_undo.undo(administrator, first + 1)
    db.release_session()
    assert queries.post_for(moderator, own.id).unseen == "hidden"
    assert undo_policy.offered(moderator, [first]) == {first}
    appeals_undo.undo(moderator, first)
    db.release_session()
    assert not queries.post_for(moderator, own.id).unseen
