"""What one did to one's own words is undone alone only while nobody else has done the same."""

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Forbidden
from forum.moderation import service, undoable, undoing
from forum.threads import queries
from tests import factories as make
from tests.actsroom import Room, furnished


@pytest.fixture
def room(app: Flask) -> Room:
    return furnished()


def test_nobody_shows_alone_what_another_has_hidden_after_them(room: Room) -> None:
    group, people, _ = room
    moderator, administrator = people["moderator"], people["administrator"]
    own = make.thread(moderator, group)

    def act(who: str, name: str) -> int:
        made = service.act(people[who], name, own.id).log_id
        db.done_reading()
        assert made
        return made

    first = act("moderator", "hide")
    act("administrator", "restore")
    again = act("administrator", "hide")
    assert undoable.offered(moderator, [first, again]) == set()
    for row in (first, again):
        with pytest.raises(Forbidden):
            undoing.undo(moderator, row)
    db.done_reading()
    assert queries.post_for(moderator, own.id).unseen == "hidden"
    undoing.undo(administrator, again)
    undoing.undo(administrator, first + 1)
    db.done_reading()
    assert queries.post_for(moderator, own.id).unseen == "hidden"
    assert undoable.offered(moderator, [first]) == {first}
    undoing.undo(moderator, first)
    db.done_reading()
    assert not queries.post_for(moderator, own.id).unseen
