"""What the forms about studies hold, read from a request."""

from collections.abc import Iterable
from typing import Any, cast

from flask import request

from forum.core import ids, time_zones
from forum.core.errors import together
from forum.groups.queries import html
from forum.research.models import Study
from forum.research.studies import fields
from forum.research.studies.fields import Facts


def facts() -> Facts:
    """Return what was typed of what a study says of itself."""
    return cast(
        "Facts", {name: request.form[name] for name in fields.FACTS if name in request.form}
    )


def zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from, as a list of choices wants them."""
    return [(zone, zone) for zone in time_zones.zones()]


def group_ids() -> list[int]:
    """Return the groups that were ticked."""
    found = [ids.row_id(each) for each in request.form.getlist("group")]
    return [each for each in found if each]


def current_facts(study: Study) -> Facts:
    """Return the same of a study as it is kept."""
    return cast("Facts", {name: fields.shown(getattr(study, name)) for name in fields.FACTS})


def preview(facts: Facts, groups: Iterable[str], document: str) -> dict[str, Any]:
    """Return what a participant would see, checked as for saving. Raises Invalid."""
    clean = together(
        facts=lambda: fields.validated(facts), document=lambda: fields.document(document)
    )
    said = clean["facts"]
    return {
        "study": said,
        "groups": list(groups),
        "about": html(said["about"]),
        "document": html(clean["document"]),
    }
