"""What happens while a release is made: it holds nobody who has withdrawn by its end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core.errors import Conflict
from forum.research import leaving, service
from forum.research.releases import making, queries
from tests import factories, studyroom
from tests.studyroom import StudyRoom

Step = Callable[[StudyRoom, Viewer], Any]
STEPS: dict[str, tuple[Step, bool]] = {
    "erases": (lambda room, me: service.withdraw(me, room.slug, erase=True), False),
    "shares no longer": (lambda room, me: room.agree(me, "record"), False),
    "goes and keeps it": (lambda room, me: service.withdraw(me, room.slug, erase=False), True),
    "writes on": (lambda room, me: factories.thread(me, room.group_id), True),
    "its group leaves": (lambda room, _: leaving.leave(room.study_id, room.group_id), True),
    "the study closes": (lambda room, _: service.close_study(room.study_id), True),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_release_is_thrown_away_if_somebody_withdraws_before_it_has_its_name(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    room = studyroom.study()
    ash, wren = room.member(), room.member()
    for person in (ash, wren):
        room.agree(person, *studyroom.ALL)
        factories.thread(person, room.group_id)
    act, is_made = STEPS[step]
    write = service.write_snapshot

    def meanwhile(study_id: int, folder: Path) -> None:
        write(study_id, folder)
        act(room, ash)

    monkeypatch.setattr(service, "write_snapshot", meanwhile)
    agreement = tmp_path / "agreement.txt"
    agreement.write_text("By the hour.")
    asked = {"tier": "events", "made_by": "A test", "reason": "A test", "recipient": "Dr Example"}

    def make() -> int:
        return making.make(room.slug, tmp_path / "out", agreement=agreement, **asked)

    if is_made:
        assert make()
    else:
        with pytest.raises(Conflict, match="make it again"):
            make()
    assert (tmp_path / "out").exists() == is_made
    assert len(queries.ledger()) == is_made
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
