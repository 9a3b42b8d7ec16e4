"""Quotations in a room, as `groups.quotations` leaves them out."""

from collections.abc import Collection, Mapping
from functools import partial

from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from forum.groups import quotation_visibility
from forum.meetings.models import Meeting


def for_reader(
    reader_id: int | None, meeting_id: int, fragments: Mapping[int, Markup]
) -> Mapping[int, Markup]:
    """Return fragments of messages of a room as one reader is shown them."""
    return quotation_visibility.for_reader(reader_id, partial(_group_of, meeting_id), fragments)


def for_readers(
    readers: Collection[int], meeting_id: int, html: Markup
) -> dict[Markup, Collection[int]]:
    """Return one message's fragment as it is shown to whom."""
    return quotation_visibility.for_readers(readers, partial(_group_of, meeting_id), html)


def _group_of(meeting_id: int) -> ColumnElement[int]:
    return select(Meeting.group_id).where(Meeting.id == meeting_id).scalar_subquery()
