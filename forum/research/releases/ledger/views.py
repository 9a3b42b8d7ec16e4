"""The HTTP door to the ledger of releases, for administrators."""

import re

from flask import Blueprint, render_template

from forum.accounts.login.current_user import viewer
from forum.core.translation import _, formats
from forum.core.web import responses
from forum.research.releases.ledger import attack_names, queries
from forum.research.studies import audit_log, policy

bp = Blueprint("ledger", __name__)


@bp.get("/research/ledger")
def index() -> str:
    """Show all releases, the newest first, and which of them are to be recalled."""
    policy.require_administrator(viewer())
    page = responses.page_number()
    entries = queries.entries(page)
    shown = entries[: queries.ENTRIES_A_PAGE]
    numbers = [entry.id for entry in shown]
    return render_template(
        "research/releases/ledger/ledger.html",
        entries=shown,
        page=page,
        more=len(entries) > len(shown),
        makers=audit_log.release_makers(numbers),
        recalled=queries.recalled(numbers),
        band=_band_in_words,
    )


@bp.get("/research/ledger/<int:release_id>")
def entry(release_id: int) -> str:
    """Show one release: attacks, checksums, and the digest of its rows."""
    policy.require_administrator(viewer())
    found = queries.entry(release_id)
    return render_template(
        "research/releases/ledger/ledger_entry.html",
        entry=found,
        maker=audit_log.release_makers([release_id]).get(release_id),
        recalled=release_id in queries.recalled([release_id]),
        rows=queries.rows_digest(release_id),
        attack_name=attack_names.label,
        band=_band_in_words,
    )


def _band_in_words(band: str) -> str:
    """Return how many participants there are; the ledger has it in English."""
    low, *high = (formats.number(int(end)) for end in re.findall(r"\d+", band))
    if high:
        return _("%(low)s to %(high)s", low=low, high=high[0])
    return _("%(low)s or more", low=low) if band.endswith("or more") else low
