"""The HTTP door to the ledger of releases, for administrators."""

from flask import Blueprint, render_template

from forum.accounts.login.current_user import viewer
from forum.core.web import responses
from forum.research.releases.ledger import queries
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
    )
