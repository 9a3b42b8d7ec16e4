"""Splitting posts off, into a thread of their own."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import ids, text
from forum.core.errors import Invalid
from forum.core.translation import _, lazy, ngettext
from forum.core.web.paging import pages
from forum.groups.membership import hidden_content_access
from forum.moderation.actions.action import Candidate, Change, FormData, Given
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.splits_and_merges import Restructuring
from forum.moderation.actions.targets import POST, THREAD, Target
from forum.threads import limits
from forum.threads import queries as threads
from forum.threads.models import Post
from forum.threads.posts import post_contents
from forum.threads.restructuring import split_merge

POSTS_A_PAGE, EXCERPT = 200, 160


class Split(Restructuring):
    """Split posts off a thread; the first one stays."""

    name = "split"
    label = lazy("Split off posts")
    done = lazy("Posts were split off into a new thread")
    about = lazy("They move to a new thread in this group, and a line here leads there.")
    on = THREAD
    least = MODERATOR
    position = 100
    asks = "posts"
    message_hint = lazy("The author of the first of these posts reads it.")

    def value_of(self, form: Any) -> str:
        """Return the new title and the posts that were ticked."""
        return as_value(form.get("title", ""), form.getlist("posts"))

    def check(self, value: str) -> str:
        """Return a title and posts. Raises Invalid."""
        title, post_ids = parts(value)
        least, most = limits.TITLE_MIN, limits.TITLE_MAX
        title = text.one_line(title, "title", least=least, most=most, name=_("The new title"))
        if not post_ids:
            words = _("Choose the posts that go into the new thread.")
            raise Invalid(fields={"posts": words})
        return json.dumps({"title": title, "posts": post_ids})

    def people(self, session: Session, target: Target, value: str) -> list[int | None]:
        """Return who wrote the posts, in their order."""
        wrote = select(Post.author_id).where(
            Post.id.in_(parts(value)[1]), Post.thread_id == target.id
        )
        return list(session.scalars(wrote.order_by(Post.number)))

    def apply(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        given: Given,
        by_ids: tuple[int, ...],
    ) -> Change:
        """Split them off."""
        title, post_ids = parts(given.value)
        before, after = split_merge.split_thread(viewer, target.id, post_ids, title)
        return Change(before.as_json(), after.as_json())

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Offer the posts of a page of the thread."""
        thread, first = threads.thread_for(viewer, target_id), (page - 1) * POSTS_A_PAGE + 1
        numbered = threads.posts_between(viewer, target_id, max(first, 2), first + POSTS_A_PAGE - 1)
        hidden_content_access.record(viewer, thread.group_id, POST, numbered)
        contents = {
            row.id: row for row in post_contents.load_contents([post.id for post in numbered])
        }
        return FormData(
            posts=[
                Candidate(row.id, row.author or _("a former member"), row.created_at, _excerpt(row))
                for post in numbered
                if not (row := contents[post.id]).state.is_deleted
            ],
            pages=pages(thread.last_number, POSTS_A_PAGE),
        )

    def summary(self, viewer: Viewer, value: str) -> str:
        """Count the posts, and quote the title."""
        title, posts = parts(value)
        return ngettext(
            "%(count)s post, as “%(title)s”",
            "%(count)s posts, as “%(title)s”",
            len(posts),
            title=title,
        )


def as_value(title: str, post_ids: list[str]) -> str:
    """Return what a split asks for as one value: the new title, and the posts."""
    return json.dumps({"title": title, "posts": post_ids})


def parts(value: str) -> tuple[str, list[int]]:
    """Return the title and the posts of a split. Raises Invalid."""
    try:
        given = json.loads(value)
        posts = [ids.row_id(str(one)) for one in given["posts"]]
        title = str(given["title"])
    except (ValueError, TypeError, KeyError) as problem:
        raise Invalid(fields={"posts": _("Choose the posts and a title.")}) from problem
    return title, sorted({one for one in posts if one is not None})


def _excerpt(row: Any) -> str:
    note, shown = row.content_note, text.excerpt(row.html, EXCERPT)
    return f"[{note}] {shown}" if note else shown
