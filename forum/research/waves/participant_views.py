"""The HTTP door to a participant's own waves, and to help after an answer that names danger."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core import ids
from forum.core.errors import NotFound
from forum.core.translation import _, languages
from forum.core.web import rate_limits, responses
from forum.research import queries as studies
from forum.research.waves import item_pages, participant_waves, queries, service
from forum.research.waves.models import ANSWERED
from forum.research.waves.participant_waves import DUE
from forum.safety.helplines import first_guess, speaking

bp = Blueprint("own_questionnaires", __name__)


@bp.get("/studies/<slug>/questionnaires")
def overview(slug: str) -> str:
    """Show what is due and how long it takes, what is to come, and what was answered."""
    view = studies.study_for(viewer(), slug)
    if view.participant is None or not view.has_instruments:
        raise NotFound
    waves = participant_waves.own_waves(view.study, view.participant)
    return render_template(
        "research/waves/overview.html",
        study=view.study,
        view=view,
        waves=waves,
        due=[_due(one) for one in waves if one.state == DUE],
        given={one.wave.ordinal: _given(one) for one in waves if one.response},
    )


@bp.get("/studies/<slug>/questionnaires/<int:ordinal>/help")
def show_help(slug: str, ordinal: int) -> str:
    """Show where help is, before any further question."""
    view, one = participant_waves.own_wave(viewer(), slug, ordinal)
    countries = current_app.extensions["forum.helplines"]
    spoken = [*request.accept_languages.values(), languages.current()]
    country = first_guess(countries, spoken)
    return render_template(
        "research/waves/help.html",
        study=view.study,
        one=one,
        country=country,
        near=[] if country else speaking(countries, spoken),
        groups=participant_waves.groups_of(viewer(), slug),
        is_due=one.state == DUE,
    )


@bp.post("/studies/<slug>/questionnaires/<int:ordinal>/contact")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def ask_for_contact(slug: str, ordinal: int) -> Response:
    """Tell a facilitator that one asks for contact."""
    group_id = ids.row_id(request.form.get("group", "")) or 0
    participant_waves.own_wave(viewer(), slug, ordinal)
    service.ask_for_contact(viewer(), slug, group_id)
    said = _("We've told them that you'd like to talk. They don't see your answers.")
    return responses.done(f"/studies/{slug}/questionnaires/{ordinal}/help", said=said)


def _due(one: participant_waves.OwnWave) -> dict[str, Any]:
    found = item_pages.pages(queries.instruments_of_wave(one.wave))
    answers = participant_waves.answers_of(one.response)
    still = [each for page in found for each in page if item_pages.is_open(each, answers)]
    return {"one": one, "items": len(still), "minutes": participant_waves.minutes(still)}


def _given(one: participant_waves.OwnWave) -> int:
    answers = participant_waves.answers_of(one.response).values()
    return sum(each.status == ANSWERED for each in answers)
