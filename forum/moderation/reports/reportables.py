"""What can be reported: for each kind of thing, who may see it, whose it is, and its group."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import exists, select

from forum.accounts.identity import public_ids
from forum.accounts.policy import Viewer, is_active, member_id, person_id
from forum.core.db import current_session
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.ids import ROW_MAX
from forum.core.translation import _
from forum.core.web import private_ids
from forum.groups.models import MODERATOR, Membership
from forum.groups.policy import MODERATING_ROLES
from forum.groups.profiles import queries as profiles
from forum.meetings.room.messages import queries as message_queries
from forum.messages.content import queries as private_messages
from forum.moderation.queue_items.models import (
    CARE_MESSAGE,
    MEMBER,
    POST,
    PRIVATE_MESSAGE,
    PROFILE,
    ROOM_MESSAGE,
)
from forum.safety import queries as safety
from forum.threads import queries as threads


@dataclass(frozen=True)
class Reported:
    """A thing as somebody meets it who may report it.

    `heading` is what the page is called that reports it, and `back` where they came from; at
    `block` they can block its author.
    """

    kind: str
    id: int
    group_id: int | None
    about_id: int | None
    heading: str
    back: str
    block: str = ""


def reported_for(viewer: Viewer, kind: str, target_id: int) -> Reported:
    """Return what the viewer may see and report. Raises LoginNeeded, NotFound and their like."""
    me = reporter_id(viewer, kind)
    if kind not in FINDERS:
        raise Invalid(fields={"kind": _("This can't be reported from here.")})
    if not 0 < target_id <= ROW_MAX:
        raise NotFound
    found = FINDERS[kind](viewer, target_id)
    if found.about_id == me:
        raise Forbidden(_("You can't report something of your own."), code="own")
    return found


def reporter_id(viewer: Viewer, kind: str) -> int:
    """Return who reports: a member; a care message, also somebody suspended, who still gets them.

    Raises LoginNeeded, Forbidden.
    """
    return person_id(viewer) if kind == CARE_MESSAGE else member_id(viewer)


def _post(viewer: Viewer, post_id: int) -> Reported:
    post = threads.post_for(viewer, post_id)
    if post.state.is_deleted:
        raise Conflict(_("Its author has deleted this post."), code="deleted")
    words = _("Report a post by %(name)s", name=post.author or _("a former member"))
    return Reported(POST, post_id, post.group_id, post.author_id, words, f"/posts/{post_id}")


def _room_message(viewer: Viewer, message_id: int) -> Reported:
    message = message_queries.message_for(viewer, message_id)
    if message.deleted_at is not None:
        raise Conflict(_("Its author has deleted this message."), code="deleted")
    author = message.author or _("a former member")
    words = _("Report what %(name)s said in a room", name=author)
    back = f"/meetings/{message.meeting_id}/room#message-{message_id}"
    return Reported(ROOM_MESSAGE, message_id, message.group_id, message.author_id, words, back)


def _member(viewer: Viewer, account_id: int) -> Reported:
    person = profiles.profile_for(viewer, account_id)
    group_id = _group_of(viewer, account_id)
    return Reported(
        MEMBER,
        person.id,
        group_id,
        person.id,
        _("Report %(name)s", name=person.handle),
        f"/members/{public_ids.of(person.id)}",
    )


def _profile(viewer: Viewer, account_id: int) -> Reported:
    person = profiles.profile_for(viewer, account_id)
    words = _("Report the profile of %(name)s", name=person.handle)
    group_id = _group_of(viewer, account_id)
    return Reported(
        PROFILE, person.id, group_id, person.id, words, f"/members/{public_ids.of(person.id)}"
    )


def _care_message(viewer: Viewer, note_id: int) -> Reported:
    note = safety.care_message_for(viewer, note_id)
    if not note.mine:
        raise Forbidden(_("Only the person it was written to can report it."))
    if note.author_id is None:
        raise Conflict(_("Its author has left the forum, and the message is gone."), code="deleted")
    others = _another_moderates(note.group_id, note.author_id, note.account_id)
    group_id = note.group_id if others else None
    words = _("Report the care message from %(name)s", name=note.author)
    back = f"/safety/notes/{private_ids.of(note.id)}"
    return Reported(CARE_MESSAGE, note.id, group_id, note.author_id, words, back)


def _private_message(viewer: Viewer, message_id: int) -> Reported:
    message = private_messages.message_of_id(viewer, message_id)
    if message.deleted_at is not None:
        raise Conflict(_("Its author has deleted this message."), code="deleted")
    if message.author_id is None:
        raise Conflict(_("Its author has left the forum, and the message is gone."), code="deleted")
    group_id = _group_of(viewer, message.author_id)
    if group_id and not _another_moderates(group_id, message.author_id, viewer.id):
        group_id = None
    words = _("Report a private message from %(name)s", name=message.author)
    here = f"/messages/{private_ids.of(message.conversation_id)}"
    return Reported(
        PRIVATE_MESSAGE,
        message.id,
        group_id,
        message.author_id,
        words,
        f"{here}#message-{message.number}",
        f"{here}/block",
    )


def _another_moderates(group_id: int, one: int | None, two: int | None) -> bool:
    """Whether the group has a moderator besides the two; else it is a matter of the site."""
    others = exists().where(
        Membership.group_id == group_id,
        Membership.role == MODERATOR,
        Membership.account_id.not_in((one or 0, two or 0)),
        is_active(Membership.account_id),
    )
    return bool(current_session().scalar(select(others)))


def _group_of(viewer: Viewer, account_id: int) -> int | None:
    """Return the one group that two people share; what is wider is for administrators.

    So is a report of one of that group's moderators: their colleagues need not judge them.
    """
    hers = select(Membership.group_id).where(Membership.account_id == viewer.sql_id())
    shared = (
        current_session()
        .execute(
            select(Membership.group_id, Membership.role).where(
                Membership.account_id == account_id, Membership.group_id.in_(hers)
            )
        )
        .all()
    )
    if len(shared) != 1 or shared[0].role in MODERATING_ROLES:
        return None
    return int(shared[0].group_id)


FINDERS: dict[str, Callable[[Viewer, int], Reported]] = {
    POST: _post,
    MEMBER: _member,
    PROFILE: _profile,
    ROOM_MESSAGE: _room_message,
    CARE_MESSAGE: _care_message,
    PRIVATE_MESSAGE: _private_message,
}
