"""The HTTP door to answering: each page is saved by its own POST, and needs no script."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.research.waves import item_pages, participant_waves, queries, service
from forum.research.waves.item_pages import AskedItem, Given, ItemKey
from forum.research.waves.models import ANSWERED, DECLINED
from forum.research.waves.participant_waves import DUE, OwnWave

bp = Blueprint("answering", __name__)
WORDS = ".words"


@bp.get("/studies/<slug>/questionnaires/<int:ordinal>")
def begin(slug: str, ordinal: int) -> str:
    """Say how long one questionnaire is, and lead to its first open page."""
    view, one = participant_waves.own_wave(viewer(), slug, ordinal)
    found = item_pages.pages(queries.instruments_of_wave(one.wave)) if one.state == DUE else []
    answers = participant_waves.answers_of(one.response)
    still = [each for page in found for each in page if item_pages.is_open(each, answers)]
    return render_template(
        "research/waves/begin.html",
        study=view.study,
        one=one,
        items=len(still),
        minutes=participant_waves.minutes(still),
        begun=any(given.status in {ANSWERED, DECLINED} for given in answers.values()),
        page=item_pages.page_of(found, still[0]) if still else 1,
        snooze_days=service.SNOOZE_DAYS,
        following=_following(view.study, view.participant or 0, ordinal),
    )


@bp.get("/studies/<slug>/questionnaires/<int:ordinal>/<int:page>")
def show_page(slug: str, ordinal: int, page: int) -> Any:
    """Show one page of items, with what was given before."""
    view, one = participant_waves.own_wave(viewer(), slug, ordinal)
    if one.state != DUE:
        return redirect(f"/studies/{slug}/questionnaires/{ordinal}")
    return _page(view.study, one, page)


@bp.post("/studies/<slug>/questionnaires/<int:ordinal>/<int:page>")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def save_page(slug: str, ordinal: int, page: int) -> Any:
    """Save one page, and go on, back, or stop for today."""
    view, one = participant_waves.own_wave(viewer(), slug, ordinal)
    found = item_pages.pages(queries.instruments_of_wave(one.wave))
    asked = found[page - 1] if 1 <= page <= len(found) else []
    saved = service.save_page(viewer(), slug, ordinal, page, _given(asked))
    where = f"/studies/{slug}/questionnaires/{ordinal}"
    go = request.form.get("go", "next")
    said = ""
    if saved.needs_help:
        where += "/help"
    elif go == "stop":
        where, said = f"/studies/{slug}/questionnaires", _("Saved. You can go on another time.")
    elif not saved.is_completed:
        view, one = participant_waves.own_wave(viewer(), slug, ordinal)
        answers = participant_waves.answers_of(one.response)
        missing = {
            each.field: _(
                "Question %(number)s: choose an answer, or “I'd rather not say”.",
                number=each.number,
            )
            for each in asked
            if item_pages.is_open(each, answers)
        }
        if go != "back" and missing:
            if responses.wants_json():
                raise Invalid(fields=missing)
            return _page(view.study, one, page, errors=missing), Invalid.status
        where += f"/{_next_page(found, answers, page, -1 if go == 'back' else 1)}"
    made = {"needs_help": saved.needs_help, "completed": saved.is_completed}
    return responses.done(where, made, said=said)


@bp.post("/studies/<slug>/questionnaires/<int:ordinal>/decline")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def decline(slug: str, ordinal: int) -> Response:
    """Say “not this time”."""
    service.decline_wave(viewer(), slug, ordinal)
    said = _("All right, not this time. We won't remind you of it.")
    return responses.done(f"/studies/{slug}/questionnaires", said=said)


@bp.post("/studies/<slug>/questionnaires/<int:ordinal>/snooze")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def snooze(slug: str, ordinal: int) -> Response:
    """Be reminded of it later."""
    days = request.form.get("days", "")
    service.snooze_wave(viewer(), slug, ordinal, int(days) if days in {"1", "3", "7"} else 0)
    said = _("All right. You won't hear of it before then.")
    return responses.done(f"/studies/{slug}/questionnaires", said=said)


def _given(asked: list[AskedItem]) -> dict[ItemKey, Given]:
    """Return what the form holds of these items; an item without an answer is left out."""
    found = dict[ItemKey, Given]()
    for one in asked:
        said = request.form.get(one.field, "")
        words = request.form.get(one.field + WORDS, "")
        if said == DECLINED and not words.strip():
            found[one.key] = Given(DECLINED)
        elif one.item.words:
            if words.strip():
                found[one.key] = Given(ANSWERED, None, " ".join(words.split()))
        elif said.isdecimal() and len(said) < 4:
            found[one.key] = Given(ANSWERED, int(said))
        elif said:
            raise Invalid(fields={one.field: service.MISSING})
    return found


def _next_page(
    found: list[list[AskedItem]], answers: item_pages.Answers, page: int, step: int
) -> int:
    """Return the next page, or, after the last one, that of the first open item."""
    if 1 <= page + step <= len(found):
        return page + step
    still = item_pages.first_open(found, answers)
    return item_pages.page_of(found, still) if still else page


def _page(study: Any, one: OwnWave, page: int, *, errors: dict[str, str] | None = None) -> str:
    found = item_pages.pages(queries.instruments_of_wave(one.wave))
    if not 1 <= page <= len(found):
        raise NotFound
    answers = participant_waves.answers_of(one.response)
    return render_template(
        "research/waves/page.html",
        study=study,
        one=one,
        page=page,
        pages=len(found),
        instrument=found[page - 1][0].instrument,
        items=found[page - 1],
        answers=answers,
        errors=errors or {},
    )


def _following(study: Any, participant: int, ordinal: int) -> OwnWave | None:
    later = participant_waves.own_waves(study, participant)
    return next(
        (one for one in later if one.wave.ordinal > ordinal and one.state == "upcoming"), None
    )
