"""What happens while a release is made: it holds nobody who has withdrawn by its end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.research import service
from forum.research.recording import study_snapshot
from forum.research.releases import pipeline
from forum.research.releases.ledger import queries
from forum.research.releases.ledger.models import ReleasedRow
from forum.research.studies import group_withdrawal, planning
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import StudyWorld

Step = Callable[[StudyWorld, Viewer], Any]
# What happens, and how many are in the release that is made then.
STEPS: dict[str, tuple[Step, int]] = {
    "erases": (lambda room, me: service.withdraw(me, room.slug, erase=True), 1),
    "shares no longer": (lambda room, me: room.agree(me, "record"), 1),
    "goes and keeps it": (lambda room, me: service.withdraw(me, room.slug, erase=False), 2),
    "writes on": (lambda room, me: factories.thread(me, room.group_id), 2),
    "its group leaves": (
        lambda room, _: group_withdrawal.withdraw_group(room.study_id, room.group_id),
        2,
    ),
    "the study closes": (lambda room, _: planning.close_study(room.study_id), 2),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_release_is_remade_if_a_participant_withdraws_before_its_end(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    for person in (ash, wren):
        room.agree(person, *study_world.ALL)
        factories.thread(person, room.group_id)
    act, people = STEPS[step]
    write = study_snapshot.write
    snapshots: list[Path] = []

    def meanwhile(study_id: int, folder: Path) -> None:
        write(study_id, folder)
        if not snapshots:
            act(room, ash)
        snapshots.append(folder)

    monkeypatch.setattr(study_snapshot, "write", meanwhile)
    asked: dict[str, Any] = {
        "tier": "events",
        "made_by": "A test",
        "reason": "A test",
        "recipient": "Dr Example",
    }
    number = pipeline.make(room.slug, tmp_path / "out", agreement=b"By the hour.", **asked)
    rows = select(func.count()).where(ReleasedRow.release_id == number)
    assert current_session().scalar(rows) == people
    assert len(snapshots) == (2 if people == 1 or step == "goes and keeps it" else 1)
    assert len(queries.entries()) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
