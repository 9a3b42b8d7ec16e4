"""Every page of researchers: role by role, and none of them shows a handle."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import VISITOR, Viewer
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import service as jobs
from forum.research.studies import researchers
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_forms import FORM
from tests.support.research.study_world import PASSWORD, StudyWorld

ROLES = (
    "visitor",
    "member",
    "participant",
    "moderator",
    "elsewhere",
    "researcher",
    "two_roles",
    "takes_part",
    "administrator",
)
RUN = {"researcher", "administrator"}
BOSS = {"administrator"}
NAMED = {"elsewhere", "researcher", "two_roles", "takes_part", "administrator"}
TABLE = {
    "GET /research": NAMED,
    "GET /research/new": BOSS,
    "POST /research/new": BOSS,
    "GET /research/ledger": BOSS,
    "GET /research/sleep": RUN,
    "GET /research/sleep/edit": RUN,
    "POST /research/sleep/edit": BOSS,  # researchers until it is opened
    "GET /research/sleep/document": RUN,
    "POST /research/sleep/document": RUN,
    "GET /research/sleep/questionnaires": RUN,
    "POST /research/sleep/questionnaires": BOSS,  # researchers until it is opened
    "GET /research/sleep/researchers": BOSS,
    "POST /research/sleep/researchers": BOSS,
    "POST /research/sleep/researchers/{person}/remove": BOSS,
    "GET /research/sleep/log": RUN,
    "GET /research/sleep/releases": RUN,
    "POST /research/sleep/releases": RUN,
    "GET /research/sleep/releases/{job}": RUN,
    "GET /research/sleep/releases/{job}/download": set(),  # it is not made yet
    "POST /research/sleep/releases/{job}/again": RUN,
    "POST /research/sleep/releases/{job}/remove": RUN,
    "POST /research/sleep/open": BOSS,
    "POST /research/sleep/close": BOSS,
}


@dataclass
class World:
    room: StudyWorld
    people: dict[str, Viewer]
    job_id: int

    def url(self, route: str) -> str:
        return route.format(job=self.job_id, person=self.people["member"].public_id)


def ask(viewer: Viewer, slug: str = "sleep", tier: str = "aggregate") -> int:
    asked = ReleaseRequest(slug, "A title", tier, made_by="Dr Example", reason="A paper")
    return jobs.request_release(viewer, asked, PASSWORD)


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    room, other = study_world.study("sleep"), study_world.study("other")
    people = {
        role: factories.person(f"handle-{role}".replace("_", "-"), password=PASSWORD)
        for role in ROLES
        if role not in {"visitor", "administrator"}
    }
    people |= {"visitor": VISITOR, "administrator": factories.administrator("handle-boss")}
    for role in ("member", "participant", "takes_part"):
        factories.join(people[role], room.group_id)
    for role in ("participant", "takes_part"):
        room.agree(people[role], *study_world.ALL)
    for role in ("researcher", "two_roles", "takes_part"):
        researchers.name_researcher(None, room.study_id, people[role].handle)
    researchers.name_researcher(None, other.study_id, people["elsewhere"].handle)
    for role in ("moderator", "two_roles"):
        factories.join(people[role], room.group_id, "moderator")
    return World(room, people, ask(people["researcher"]))


def client_of(app: Flask, world: World, role: str) -> FlaskClient:
    client = app.test_client()
    if role != "visitor":
        factories.log_in(client, world.people[role])
    return client


def test_everybody_gets_through_where_the_table_says(app: Flask, world: World) -> None:
    clients = {role: client_of(app, world, role) for role in ROLES}
    wrong = []
    for route, row in TABLE.items():
        for role in ROLES:
            if route.endswith("{job}/remove"):
                world.job_id = ask(world.people["researcher"])
            method, path = world.url(route).split(" ")
            form = dict(FORM) if method == "POST" else None
            answer = clients[role].open(path, method=method, data=form)
            assert answer.status_code < 500, f"{route}: {answer.status_code}"
            if (answer.status_code not in {401, 403, 404}) != (role in row):
                wrong.append(f"{route}: {role}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_page_of_a_researcher_shows_a_handle(app: Flask, world: World) -> None:
    client = client_of(app, world, "researcher")
    mine = world.people["researcher"].handle
    for route in (route for route, row in TABLE.items() if row == RUN and route.startswith("GET")):
        page = client.get(world.url(route).split(" ")[1]).text
        assert "handle-" not in page.replace(mine, ""), route


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("two_roles", "You moderate a group in this study"),
        ("takes_part", "You take part in this study yourself"),
    ],
)
def test_a_researcher_without_access_reads_why(
    app: Flask, world: World, role: str, words: str
) -> None:
    client = client_of(app, world, role)
    answer = client.get("/research/sleep")
    assert (answer.status_code, words in answer.text) == (403, True)
    assert "see why" in client.get("/research").text


def test_an_administrator_does_not_see_participants(app: Flask, world: World) -> None:
    client = client_of(app, world, "administrator")
    page = client.get("/research/sleep/researchers").text
    for role in ("two_roles", "takes_part", "researcher"):
        assert world.people[role].handle in page
    assert page.count("Moderates ") == 1
    assert "takes part in" not in page.split('<form class="stack card"')[0]


def test_the_account_page_leads_to_studies_only_whom_one_names(app: Flask, world: World) -> None:
    for role, shown in (
        ("researcher", True),
        ("administrator", True),
        ("member", False),
        ("moderator", False),
    ):
        page = client_of(app, world, role).get("/account").text
        assert ('href="/research"' in page) == shown, role


def test_a_researcher_sees_only_their_own_lines_of_the_study_log(app: Flask, world: World) -> None:
    boss, client = (client_of(app, world, role) for role in ("administrator", "researcher"))
    boss.get("/research/sleep/log")
    page = client.get("/research/sleep/log").text
    assert "Asked for a release" in page
    assert "Named a researcher" not in page
    everything = boss.get("/research/sleep/log").text
    assert "Named a researcher" in everything
    assert "Became a moderator of a studied group" in everything


def test_what_was_typed_comes_back_with_what_is_wrong(app: Flask, world: World) -> None:
    boss = client_of(app, world, "administrator")
    typed = {**FORM, "title": "X", "about": "My careful words", "document": ""}
    answer = boss.post("/research/new", data=typed)
    assert answer.status_code == 422
    for words in (
        "My careful words",
        "needs at least 3 characters",
        "Choose at least one group",
        "The document needs a few words",
    ):
        assert words in answer.text
    client = client_of(app, world, "researcher")
    answer = client.post("/research/sleep/releases", data={**FORM, "tier": "events"})
    assert answer.status_code == 422
    for words in ("A paper", "your password. Please try again", "Please say who receives them"):
        assert words in answer.text
    assert "wrong" not in answer.text.replace("something went wrong", "")
    answer = client.post(
        "/research/sleep/releases", data=FORM, headers={"Accept": "application/json"}
    )
    assert answer.get_json()["error"]["fields"] == {
        "password": "That isn't your password. Please try again."
    }


def test_a_preview_saves_nothing(app: Flask, world: World) -> None:
    boss = client_of(app, world, "administrator")
    form = {
        **FORM,
        "title": "Another title",
        "about": "**Bold** words",
        "preview": "1",
        "group": str(world.room.group_id),
        "document": "# What you agree to",
    }
    for path in ("/research/new", "/research/sleep/edit", "/research/sleep/document"):
        answer = boss.post(path, data=form)
        assert (answer.status_code, "Nothing is saved yet" in answer.text) == (200, True), path
    assert "<strong>Bold</strong>" in boss.post("/research/sleep/edit", data=form).text
    assert boss.get("/research/another").status_code == 404
    assert "Another title" not in boss.get("/research/sleep/edit").text


def test_a_study_is_made_and_opened_on_pages(app: Flask, world: World) -> None:
    boss = client_of(app, world, "administrator")
    form = {**FORM, "group": str(world.room.group_id), "ends_on": "2030-01-31"}
    made = boss.post("/research/new", data=form)
    assert (made.status_code, made.headers["Location"]) == (303, "/research/another/edit")
    assert boss.post("/research/another/open", data={}).status_code == 303
    member = client_of(app, world, "member")
    assert "until 31 January 2030" in member.get("/studies/another").text


def test_an_agreement_of_some_megabytes_is_taken(app: Flask, world: World) -> None:
    from io import BytesIO

    client = client_of(app, world, "researcher")
    form = {
        **FORM,
        "tier": "events",
        "recipient": "Dr Example",
        "password": PASSWORD,
        "hours": "24",
        "agreement": (BytesIO(b"x" * 2_000_000), "agreement.pdf"),
    }
    answer = client.post("/research/sleep/releases", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    form["agreement"] = (BytesIO(b"x" * 6_000_000), "agreement.pdf")
    answer = client.post("/research/sleep/releases", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413
