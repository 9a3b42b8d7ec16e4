"""Quotations in a thread, as `groups.quotations` leaves them out."""

from collections.abc import Collection, Mapping
from functools import partial

from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from forum.groups import quotation_visibility
from forum.threads.models import Thread


def for_reader(
    reader_id: int | None, thread_id: int, fragments: Mapping[int, Markup]
) -> Mapping[int, Markup]:
    """Return fragments of posts of a thread as one reader is shown them."""
    return quotation_visibility.for_reader(reader_id, partial(_group_of, thread_id), fragments)


def for_readers(
    readers: Collection[int], thread_id: int, html: Markup
) -> dict[Markup, Collection[int]]:
    """Return one post's fragment as it is shown to whom."""
    return quotation_visibility.for_readers(readers, partial(_group_of, thread_id), html)


def _group_of(thread_id: int) -> ColumnElement[int]:
    return select(Thread.group_id).where(Thread.id == thread_id).scalar_subquery()
