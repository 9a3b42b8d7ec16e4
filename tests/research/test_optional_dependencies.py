"""The forum as `pip install .` leaves it, without the libraries of the extra `research`."""

import tomllib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.errors import Conflict
from forum.research import optional_dependencies, queries
from forum.research.figures import figure_jobs
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import service as jobs
from forum.research.studies import researchers
from forum.settings.environment import Settings
from tests.support import factories
from tests.support.databases.real_databases import lay_out
from tests.support.research import study_world
from tests.support.research.partial_installs import run_without_libraries
from tests.support.research.study_world import PASSWORD


def test_the_list_is_that_of_the_project() -> None:
    project = Path(optional_dependencies.__file__).parents[2] / "pyproject.toml"
    extras = tomllib.loads(project.read_text())["project"]["optional-dependencies"]
    assert sorted(optional_dependencies.EXTRA) == extras["research"]


@pytest.mark.parametrize(
    "words",
    [
        ("study", "figures", "company"),
        ("worker",),
        ("export", "company", "--tier", "aggregate", "--out", "x", "--by", "I", "--because", "y"),
    ],
)
def test_what_needs_them_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    lay_out(tmp_path)
    refused = run_without_libraries(*words, FORUM_INSTANCE=str(tmp_path))
    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        f"Error: {optional_dependencies.MISSING}",
    )


def test_nobody_waits_for_what_cannot_be_made(
    app: Flask, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = study_world.study()
    researcher = factories.person(password=PASSWORD)
    researchers.name_researcher(None, room.study_id, researcher.handle)
    asked = ReleaseRequest(room.slug, "Sleep", "aggregate", made_by="Dr Example", reason="To see")
    monkeypatch.setattr(optional_dependencies, "EXTRA", ("no_such_library",))
    with pytest.raises(Conflict, match="pip install"):
        jobs.request_release(researcher, asked, PASSWORD)
    assert not jobs.recent_jobs(queries.study_at(room.slug))
    assert not figure_jobs.studies_due(settings.instance)
    factories.log_in(client, researcher)
    releases = client.get(f"/research/{room.slug}/releases").text
    assert "pip install" in releases
    assert 'name="tier"' not in releases
    figures = client.get(f"/research/{room.slug}").text
    assert "pip install" in figures
    assert "drawn" not in figures
