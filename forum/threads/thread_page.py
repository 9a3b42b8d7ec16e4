"""A page of a thread: its posts with what differs from viewer to viewer, and the editor."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import render_template, request
from markupsafe import Markup

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences
from forum.core.web import page_scripts, responses
from forum.groups import profile_links, quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.groups.reaction_types import REACTIONS
from forum.threads import queries, title_changes
from forum.threads.lists import thread_lists
from forum.threads.posts import author_notes, fragments, pending_edits, post_pages, reply_permission
from forum.threads.posts.post_pages import Pages
from forum.threads.queries import ThreadView
from forum.threads.reader import draft_pages, first_unread, reader_state
from forum.threads.reader.read_ranges import Position


def as_json(thread_id: int) -> dict[str, Any]:
    """Return a page of a thread for programs. Raises NotFound."""
    me = viewer()
    found = queries.thread_for(me, thread_id)
    pages = post_pages.pages_of(me, found)
    page = responses.page_number(pages.count)
    rows = queries.posts_between(me, found.id, *pages.span(page))
    rows = [*rows, *queries.pending_posts(me, found)]
    html = _fragments(me, found, rows)
    notes = author_notes.beside(me, rows)
    return {
        "id": found.id,
        "title": found.title,
        "version": found.version,
        "page": page,
        "pages": pages.count,
        "posts": [
            {"id": row.id, "number": row.number, "version": row.version, "html": html[row.id]}
            | ({"note": notes[row.id]} if row.id in notes else {})
            for row in rows
        ],
    }


def render(
    thread_id: int,
    *,
    values: Any = None,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
    quote: dict[str, str] | None = None,
) -> str:
    """Return a page of a thread, with the editor as it was sent or with a quotation in it.

    What is on it counts as read where no script can say what was on screen. Raises NotFound.
    """
    me = viewer()
    found = queries.thread_for(me, thread_id)
    pages = post_pages.pages_of(me, found)
    page = responses.page_number(pages.count)
    numbered = queries.posts_between(me, found.id, *pages.span(page), found.new_since)
    posts = _posts_on_page(me, found, [*numbered, *queries.pending_posts(me, found)])
    read = first_unread.position(me, found)
    counts_on_screen = page_scripts.are_running()
    if not counts_on_screen:
        _record_read(me, found, numbered, read, pages, page)
    begun = draft_pages.context(found.group_id, found.id, values, known=found.has_draft)
    if values is None:
        values = _editor_values(begun, quote or {"body": "", "content_note": ""})
    return render_template(
        "threads/thread.html",
        thread=found,
        posts=posts,
        page=page,
        pages=pages.count,
        span=(pages.span(page)[0], pages.span(page)[1] if page < pages.count else ""),
        first_unread=first_unread.find(me, found, numbered, read),
        unread=first_unread.unread_numbers(me, found, numbered, read),
        counts_on_screen=counts_on_screen,
        following=bool(found.following),
        may_reply=found.belongs and found.last_number > 0,
        may_change_title=title_changes.may_change_title(me, found),
        closed_because=reply_permission.reason_closed(found),
        unpublished_because=""
        if found.last_number
        else reply_permission.reason_unpublished(found.id),
        role=_role(found),
        viewer_id=me.id,
        values=values,
        errors=errors or {},
        preview=preview,
        split_links=_split_links(found, numbered, page, pages),
        joined="joined" in request.args,
        reaction_names=_reaction_names,
        **begun,
        idempotency_key=values.get("idempotency_key") or uuid.uuid4().hex,
    )


def _record_read(
    me: Viewer, found: ThreadView, numbered: Sequence[Any], read: Position, pages: Pages, page: int
) -> None:
    """Count what is on the page as read, where `read` has not got it yet."""
    if me.id is None or not numbered:
        return
    first, last = pages.span(page)
    # What fills no page between this one and the next is passed over with it.
    seen = last if page < pages.count else numbered[-1].number
    if not read.covers(first, seen):
        reader_state.record_read(me.id, found.id, seen, found.reload_version, first=first)


def _reaction_names(mine: str) -> str:
    """Return a reader's own reactions to a post in words."""
    return ", ".join(str(REACTIONS[kind]) for kind in mine.split())


def _editor_values(begun: dict[str, Any], quote: Mapping[str, str]) -> dict[str, str]:
    """Return what the editor holds: the reader's draft, and what they quote now behind it."""
    words = draft_pages.words(begun)
    return {
        "body": words["body"] + quote["body"],
        "content_note": words["content_note"] or quote["content_note"],
    }


class SplitLink(NamedTuple):
    """A line that leads to a thread that was split off this one, or the other way round.

    It comes before the post of number `before`; with None at the end of the page, with 0 on top.
    """

    id: int
    title: str
    posts: int
    before: int | None


def _split_links(found: ThreadView, numbered: Any, page: int, pages: Pages) -> list[SplitLink]:
    if not found.reload_version:
        return []
    parts = []
    for row in thread_lists.splits_of(viewer(), found.id):
        if row.split_from_id != found.id:
            parts.append(SplitLink(row.id, row.title, row.post_count, 0))
        elif pages.holding(row.split_at) == page:
            later = (post.number for post in numbered if post.number > row.split_at)
            parts.append(SplitLink(row.id, row.title, row.post_count, next(later, None)))
    return parts


class PostOnPage(NamedTuple):
    """A post on the page, with what differs from viewer to viewer beside its fragment."""

    number: int | None
    html: Markup
    mine: str
    own: bool
    bookmarked: bool
    choice: str = ""
    edit: Mapping[str, Any] | None = None
    note: str = ""


def _fragments(me: Viewer, found: ThreadView, rows: Sequence[Any]) -> Mapping[int, Markup]:
    """Return posts' HTML by id for this reader, and note who looks at hidden ones."""
    hidden_content_access.record(me, found.group_id, "post", rows)
    html = quotation_visibility.for_reader(me.id, found.group_id, fragments.fragments_of(rows))
    return profile_links.without_links_to(_unreachable_authors(me, found, rows), html)


def _unreachable_authors(me: Viewer, found: ThreadView, rows: Sequence[Any]) -> set[int]:
    """Return whose profiles the reader cannot open; members are asked only about who has left."""
    doubtful = {
        row.author_id
        for row in rows
        if row.author_id and not (found.belongs and row.author_belongs)
    }
    return doubtful - profile_links.reachable(me, doubtful) if doubtful else doubtful


def _posts_on_page(me: Viewer, found: ThreadView, rows: Sequence[Any]) -> list[PostOnPage]:
    html = _fragments(me, found, rows)
    may_wait = (found.pre_moderated or found.premoderate_first_posts) and me.id is not None
    edits = pending_edits.edits_on_page(me, found, rows) if may_wait else {}
    notes = author_notes.beside(me, rows)
    posts = [
        _post_on_page(row, html[row.id], me.id, edits.get(row.id), notes.get(row.id, ""))
        for row in rows
    ]
    if not found.note_choices:
        return posts
    wanted = content_note_preferences.display_rule(found.note_choices, must_see=found.moderates)
    return [
        _with_note_choice(post, wanted(row.content_note))
        for post, row in zip(posts, rows, strict=True)
    ]


def _post_on_page(
    row: Any, html: Markup, account_id: int | None, edit: Any, note: str
) -> PostOnPage:
    mine = " ".join(sorted(row.mine.split())) if row.mine else ""
    own = account_id is not None and row.author_id == account_id
    return PostOnPage(row.number, html, mine, own, bool(row.bookmarked), edit=edit, note=note)


def _role(found: ThreadView) -> str:
    return "moderator" if found.moderates else "member" if found.belongs else ""


def _with_note_choice(post: PostOnPage, choice: str) -> PostOnPage:
    """Return a post with what this reader wants of its content note."""
    html = (
        content_note_preferences.open_note(post.html)
        if choice == content_note_preferences.OPEN
        else post.html
    )
    return post._replace(html=html, choice=choice)
