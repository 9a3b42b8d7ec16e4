"""The HTTP door of the log: its page and its export."""

from dataclasses import fields

from flask import Blueprint, Flask, Response, render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.translation import lazy
from forum.moderation.actions import log_entries
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import PERSON, POST, ROOM, THREAD
from forum.moderation.appeals import policy as appeal_policy
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.audit_log import access_log, csv_export, log_names
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.second_approval import approvers

bp = Blueprint("audit_log", __name__)
# What was done, as the filter offers it: by what it was done to.
ACTION_GROUPS = {
    title: {name: one.done for name, one in ACTIONS.items() if one.on in kinds}
    for title, kinds in {
        lazy("Posts"): {POST},
        lazy("Threads"): {THREAD},
        lazy("Members"): {PERSON},
        lazy("Meetings"): {ROOM, "room_message"},
    }.items()
} | {
    lazy("Approval and undo"): log_entries.APPROVAL_DECISIONS
    | {log_entries.UNDO: log_entries.LABELS[log_entries.UNDO]}
    | log_entries.CLOSED,
    lazy("Alerts in a crisis"): log_entries.CRISES,
    lazy("Hidden content"): access_log.LABELS,
}


def init(app: Flask) -> None:
    """Let templates name rows of the log, and tabs say that something there waits."""
    app.jinja_env.globals.update(
        log_labels=log_entries.LABELS | access_log.LABELS,
        access_kinds=access_log.LABELS,
        by_itself={*log_entries.CALLS, *(one.name for one in ACTIONS.values() if one.by_itself)},
    )
    app.jinja_env.globals["log_wants"] = lambda: log.count_waiting(viewer())


@bp.get("/moderation/log")
def index() -> str:
    """Show the log, with what waits for a second person and the appeals above it."""
    me, wanted = viewer(), _sought()
    log.require_access(me)
    behind = log.position_named(me, request.args.get("behind", ""))
    rows = log.find(me, wanted, behind=behind)
    pending, appeals = approvers.pending_for(me), appeal_queries.appeals_for(me)
    others = sum(one.by_id != me.id for one in pending)
    return render_template(
        "moderation/audit_log/audit_log.html",
        rows=rows[: log.ROWS_A_PAGE],
        undoable=appeal_policy.offered(me, [row.id for row in rows if row.action in ACTIONS]),
        old_titles=log_names.old_titles(me, rows),
        more=len(rows) > log.ROWS_A_PAGE,
        wanted=wanted,
        asked={part.name: getattr(wanted, part.name) for part in fields(wanted)},
        pending=pending,
        unconfirmable={
            one.id
            for one in pending
            if one.by_id == me.id and not approvers.accounts_that_may_approve(one.id)
        },
        appeals=appeals,
        log_wants=lambda: others + len(appeals),
        viewer_id=me.id,
        titles=log_names.thread_titles(me, [*rows, *pending, *appeals]),
        groups=log_names.groups_in_log(me),
        action_groups=ACTION_GROUPS,
        first_page=behind is None,
    )


@bp.get("/moderation/log.csv")
def export() -> Response:
    """Send what is wanted as CSV."""
    made = Response(list(csv_export.as_csv(viewer(), _sought())), mimetype="text/csv")
    made.headers["Content-Disposition"] = 'attachment; filename="moderation-log.csv"'
    return made


def _sought() -> LogFilter:
    parts = {part.name: request.args.get(part.name, "").strip()[:200] for part in fields(LogFilter)}
    return LogFilter(**parts)
