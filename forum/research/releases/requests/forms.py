"""What the form that asks for a release holds, read from a request."""

from flask import request

from forum.core import ids
from forum.research.models import Study
from forum.research.releases.release_request import ReleaseRequest


def release_request(study: Study, by_id: int | None) -> ReleaseRequest:
    """Return the release that was asked for; what is no number is out of range."""
    form, agreement = request.form, request.files.get("agreement")
    return ReleaseRequest(
        study=study.slug,
        title=study.title,
        tier=form.get("tier", ""),
        made_by=form.get("made_by", ""),
        reason=form.get("reason", ""),
        recipient=form.get("recipient", ""),
        agreement=(agreement.read() or None) if agreement else None,
        hours=ids.number(form.get("hours", "1").strip()) or 0,
        spss=bool(form.get("spss")),
        epsilon=fraction(form.get("epsilon", "")),
        class_size=number_or_none(form.get("alike", "")),
        guesses=number_or_none(form.get("guesses", "")),
        columns=_columns(),
        linkage=form.get("linkage", ""),
        by_id=by_id,
    )


def _columns() -> tuple[str, ...]:
    """Return the columns that were ticked; for other kinds than microdata they say nothing."""
    if request.form.get("tier") != "microdata":
        return ()
    return tuple(name for name in request.form.getlist("columns") if name.strip())


def number_or_none(text: str) -> int | None:
    """Return a whole number, None for nothing said, and 0 for what is no number."""
    return (ids.number(text.strip()) or 0) if text.strip() else None


def fraction(text: str) -> float | None:
    """Return a number above 0, None for nothing said, and 0 for what is no number."""
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return 0.0
