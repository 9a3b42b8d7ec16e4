"""Drafts on a page with an editor: the one that it holds, and the others that one may take."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.translation import _
from forum.core.web import responses
from forum.threads.reader import drafts
from forum.threads.reader.drafts import HeldDraft


def context(
    group_id: int,
    thread_id: int = 0,
    values: Mapping[str, Any] | None = None,
    *,
    known: bool = True,
) -> dict[str, Any]:
    """Return what an editor says of drafts: `draft`, the one it holds, and `other_drafts`.

    That one is what the form that came back (`values`) held, or what the address asks for, or else
    the latest. `known` is whether there is any.
    """
    rows = drafts.drafts_of(viewer(), group_id, thread_id) if known else []
    writer = uuid.uuid4().hex
    if values is not None and values.get("draft"):
        held = drafts.held_draft(values["draft"], values.get("draft_version", ""), writer)
        return _told(held, None, rows)
    wanted = request.args.get("draft", "")
    row = next((row for row in rows if row.key == wanted), rows[0] if rows else None)
    if row is None or values is not None:
        return _told(HeldDraft(writer, 0, writer), None, rows)
    return _told(HeldDraft(row.key, row.version, writer), row, rows)


def _told(held: HeldDraft, row: Any, rows: list[Any]) -> dict[str, Any]:
    others = [other for other in rows if other.key != held.key]
    return {"draft": held, "draft_words": row, "other_drafts": others}


def words(begun: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of the draft that the editor holds."""
    row = begun["draft_words"]
    names = ("title", "body", "content_note")
    return {name: getattr(row, name) if row else "" for name in names}


def held() -> HeldDraft:
    """Return what the form that is sent says of its draft."""
    given = (request.form.get(name, "") for name in ("draft", "draft_version", "draft_writer"))
    return drafts.held_draft(*given)


def save(group_id: int, thread_id: int, page: str) -> Response:
    """Keep what the form holds as a draft, and do what its button says with another one."""
    me, form = viewer(), request.form
    saved = drafts.save_draft(
        me,
        group_id,
        thread_id,
        title=form.get("title", ""),
        body=form.get("body", ""),
        content_note=form.get("content_note", ""),
        held=held(),
    )
    shown, said = saved.key, _("Draft saved.")
    if other := form.get("append", ""):
        shown = drafts.append_draft(me, group_id, thread_id, other, saved)
    elif other := form.get("open", ""):
        shown = other
    elif other := form.get("delete", ""):
        drafts.delete_draft(me, group_id, thread_id, other)
        said = _("Draft deleted.")
    if not responses.wants_json():
        return responses.done(f"{page}?draft={quote(shown)}#body", said=said)
    rows = [row for row in drafts.drafts_of(me, group_id, thread_id) if row.key != saved.key]
    html = _others(rows)
    told = {"draft": saved.key, "draft_version": saved.version, "others": html}
    return responses.done("", {"ok": True, **told}, said=said)


def _others(rows: list[Any]) -> str:
    if not rows:
        return ""
    return render_template(
        "threads/composer/_other_drafts.html", other_drafts=rows, draft_place=request.path
    )
