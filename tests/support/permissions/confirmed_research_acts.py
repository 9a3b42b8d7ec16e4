"""The same for what is done about a study, by its researchers and by participants."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import update

from forum.accounts.identity import public_ids
from forum.core.db import transaction
from forum.research.releases.requests import service as jobs
from forum.research.releases.requests.models import ReleaseJob
from forum.research.studies import researchers
from tests.support import factories
from tests.support.permissions.confirmed_acts import PREPARED, Act
from tests.support.permissions.matrix_world import World
from tests.support.research import study_world, wave_world
from tests.support.research.study_forms import FORM, REQUEST
from tests.support.research.study_world import PASSWORD

FILLED_IN = {**FORM, "password": PASSWORD}


def _runs(end: str, *, opened: bool = True) -> Callable[[World], Act]:
    def made(world: World) -> Act:
        room = study_world.study("sleep", opened=opened)
        return Act(
            "administrator", {**FILLED_IN, "group": str(room.group_id)}, f"/research/sleep/{end}"
        )

    return made


def _takes_part(end: str, *, agreed: bool = True, **form: str) -> Callable[[World], Act]:
    def made(_world: World) -> Act:
        room = study_world.study("sleep")
        member = room.member(password=PASSWORD)
        if agreed:
            room.agree(member)
        return Act(member, form, f"/studies/sleep/{end}")

    return made


def _answers(end: str, **form: str) -> Callable[[World], Act]:
    def made(_world: World) -> Act:
        world = wave_world.study()
        group = {"group": str(world.room.group_id)} if end == "contact" else {}
        return Act(world.member(), {**form, **group}, f"/studies/sleep/questionnaires/0/{end}")

    return made


def _release(end: str) -> Callable[[World], Act]:
    def made(_world: World) -> Act:
        room = study_world.study("sleep")
        researcher = factories.person(password=PASSWORD)
        researchers.name_researcher(None, room.study_id, researcher.handle)
        if not end:
            return Act(researcher, FILLED_IN, "/research/sleep/releases")
        job = jobs.request_release(researcher, replace(REQUEST, study="sleep"), PASSWORD)
        with transaction() as session:
            session.execute(update(ReleaseJob).values(state="failed"))
        return Act(researcher, {"password": PASSWORD}, f"/research/sleep/releases/{job}/{end}")

    return made


def _researcher(end: str) -> Callable[[World], Act]:
    def made(_world: World) -> Act:
        room, named = study_world.study("sleep"), factories.person()
        if end:
            researchers.name_researcher(None, room.study_id, named.handle)
        place = f"/{public_ids.of(named.id)}/{end}" if end else ""
        form = {"handle": named.handle}
        return Act("administrator", form, f"/research/sleep/researchers{place}")

    return made


PREPARED |= {
    "/research/new": lambda world: Act("administrator", {**FILLED_IN, "group": world.group_id}),
    "/research/<slug>/edit": _runs("edit", opened=False),
    "/research/<slug>/document": _runs("document"),
    "/research/<slug>/questionnaires": _runs("questionnaires", opened=False),
    "/research/<slug>/open": _runs("open", opened=False),
    "/research/<slug>/close": _runs("close"),
    "/research/<slug>/researchers": _researcher(""),
    "/research/<slug>/researchers/<person:account_id>/remove": _researcher("remove"),
    "/research/<slug>/releases": _release(""),
    "/research/<slug>/releases/<int:job_id>/again": _release("again"),
    "/research/<slug>/releases/<int:job_id>/remove": _release("remove"),
    "/studies/<slug>/consent": _takes_part("consent", agreed=False, version="1", record="1"),
    "/studies/<slug>/withdraw": _takes_part("withdraw", how="erase", password=PASSWORD),
    "/studies/<slug>/questionnaires/<int:ordinal>/<int:page>": _answers(
        "3", **{"phq-9.10": "0", "go": "stop"}
    ),
    "/studies/<slug>/questionnaires/<int:ordinal>/decline": _answers("decline"),
    "/studies/<slug>/questionnaires/<int:ordinal>/snooze": _answers("snooze", days="1"),
    "/studies/<slug>/questionnaires/<int:ordinal>/contact": _answers("contact"),
    "/studies/<slug>/zone": _takes_part("zone", zone="Europe/Berlin"),
}
