"""Reads of private messages, each through the conditions of policy."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core.db import AnyRow, at_most, current_connection, current_session
from forum.core.errors import NotFound
from forum.messages import policy
from forum.messages.models import Conversation, MessageReaction, PrivateMessage

MESSAGES_A_PAGE = 50
# How far back a page is told what its reader has deleted for themselves: fewer than a page catches
# up with, or it would have to be loaded anew each time.
REMOVED_LATELY = 50
_ME, _ID = bindparam("me", type_=Integer), bindparam("id", type_=Integer)

_MESSAGES = (
    select(PrivateMessage)
    .join(Conversation, Conversation.id == PrivateMessage.conversation_id)
    .outerjoin(Account, Account.id == PrivateMessage.author_id)
)
_REFS = _MESSAGES.with_only_columns(
    PrivateMessage.id,
    PrivateMessage.conversation_id,
    PrivateMessage.number,
    PrivateMessage.version,
    PrivateMessage.author_id,
    Account.handle,
    PrivateMessage.content_note,
    func.octet_length(PrivateMessage.html).label("size"),
)
_OF_CONVERSATION = PrivateMessage.conversation_id == _ID
_SHOWN = (
    _REFS.where(
        _OF_CONVERSATION,
        PrivateMessage.number < bindparam("before", type_=Integer),
        policy.message_visible_to(_ME),
    )
    .order_by(PrivateMessage.number.desc())
    .limit(at_most(MESSAGES_A_PAGE))
)
_NO_NUMBER = 2**31 - 1


def last_messages(viewer: Viewer, conversation_id: int, before: int | None) -> Sequence[AnyRow]:
    """Return the last messages that the viewer sees, oldest first; `before` a number."""
    given = {"me": viewer.id or 0, "id": conversation_id, "before": before or _NO_NUMBER}
    return current_connection().execute(_SHOWN, given).all()[::-1]


_AFTER = (
    _REFS.add_columns((~policy.was_removed_by(_ME)).label("shown"))
    .where(
        _OF_CONVERSATION,
        policy.may_see_unless_removed(_ME),
        or_(
            PrivateMessage.version > bindparam("after", type_=Integer),
            and_(
                PrivateMessage.number > Conversation.last_number - REMOVED_LATELY,
                policy.was_removed_by(_ME),
            ),
        ),
    )
    .order_by(PrivateMessage.version)
    .limit(bindparam("most", type_=Integer))
)


def changes_after(viewer: Viewer, conversation_id: int, after: int, most: int) -> Sequence[AnyRow]:
    """Return the messages that changed after a version, oldest change first, at most `most`.

    Those that the viewer has deleted for themselves are among them each time, `shown` False: no
    version tells of that, since the other would see it count.
    """
    given = {"me": viewer.id or 0, "id": conversation_id, "after": after, "most": most}
    return current_connection().execute(_AFTER, given).all()


_LAST_VERSION = _MESSAGES.with_only_columns(func.max(PrivateMessage.version)).where(
    _OF_CONVERSATION, policy.may_see_unless_removed(_ME)
)


def last_version(viewer: Viewer, conversation_id: int) -> int:
    """Return the version of the last change of which the viewer may know, 0 before any."""
    given = {"me": viewer.id or 0, "id": conversation_id}
    return current_connection().execute(_LAST_VERSION, given).scalar() or 0


_KINDS = (
    select(func.aggregate_strings(MessageReaction.kind, " "))
    .where(MessageReaction.message_id == PrivateMessage.id)
    .scalar_subquery()
)
_OF_MESSAGE = _MESSAGES.with_only_columns(
    PrivateMessage.id,
    PrivateMessage.conversation_id,
    PrivateMessage.number,
    PrivateMessage.version,
    PrivateMessage.author_id,
    Account.handle.label("author"),
    PrivateMessage.content_note,
    PrivateMessage.created_at,
    func.coalesce(_KINDS, "").label("reactions"),
)
_CONTENT = _OF_MESSAGE.add_columns(
    PrivateMessage.html,
    PrivateMessage.renderer,
    PrivateMessage.edited_at,
    PrivateMessage.vanishes_at,
    PrivateMessage.deleted_at.is_not(None).label("deleted"),
).where(PrivateMessage.id.in_(bindparam("ids", expanding=True)))


def contents(message_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return what fragments are made of; the caller has checked who may see."""
    return current_connection().execute(_CONTENT, {"ids": list(message_ids)}).all()


def body_of(message_id: int) -> str:
    """Return the source of a message; the caller has checked who may see it."""
    found = select(PrivateMessage.body).where(PrivateMessage.id == message_id)
    return current_session().scalars(found).one()


def message_ref(message_id: int) -> AnyRow | None:
    """Return a message for policies that decide who sees it; None when it is gone."""
    return current_connection().execute(_REFS.where(PrivateMessage.id == message_id)).first()


_ONE_MESSAGE = _OF_MESSAGE.add_columns(PrivateMessage.body, PrivateMessage.deleted_at).where(
    policy.message_visible_to(_ME)
)


def message_for(viewer: Viewer, conversation_id: int, number: int) -> AnyRow:
    """Return a message that the viewer sees, by its number. Raises LoginNeeded, NotFound."""
    found = _ONE_MESSAGE.where(_OF_CONVERSATION, PrivateMessage.number == number)
    return _found(viewer, found, id=conversation_id)


def message_of_id(viewer: Viewer, message_id: int) -> AnyRow:
    """Return a message that the viewer sees, by its id. Raises LoginNeeded, NotFound."""
    return _found(viewer, _ONE_MESSAGE.where(PrivateMessage.id == message_id))


def _found(viewer: Viewer, statement: Any, **given: int) -> AnyRow:
    row: AnyRow | None = (
        current_connection().execute(statement, {"me": member_id(viewer), **given}).first()
    )
    if row is None:
        raise NotFound
    return row


def who_sees(message_id: int, among: Collection[int]) -> set[int]:
    """Return which of some accounts see a message."""
    found = (
        select(Account.id)
        .select_from(PrivateMessage)
        .join(Conversation, Conversation.id == PrivateMessage.conversation_id)
        .join(Account, Account.id.in_(among))
        .where(PrivateMessage.id == message_id, policy.message_visible_to(Account.id))
    )
    return set(current_session().scalars(found))
