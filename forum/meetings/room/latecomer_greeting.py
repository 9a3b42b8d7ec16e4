"""A greeter's message to latecomers, shown to them alone."""

from datetime import timedelta

from markupsafe import Markup

from forum.core import clock, text
from forum.meetings.room.queries import RoomView

SHOWN_FOR = timedelta(minutes=10)


def greeting_for(room: RoomView) -> Markup:
    """Return the greeting as HTML while it is of use to this viewer; else nothing."""
    late = room.joined_at is not None and room.joined_at > room.starts_at
    if not room.greeting or not room.is_open or not late or room.joined_at is None:
        return Markup()
    if clock.now() - room.joined_at > SHOWN_FOR:
        return Markup()
    return Markup(text.render(room.greeting))  # noqa: S704 - that is what core/text is for
