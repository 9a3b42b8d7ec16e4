"""Reads of conversations, each through the conditions of policy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.accounts.preferences import content_note_preferences
from forum.core.db import AnyRow, at_most, current_connection, current_session
from forum.core.errors import NotFound
from forum.messages import policy
from forum.messages.models import (
    ACCEPTED,
    DECLINED,
    REQUESTED,
    Conversation,
    MessageOptOut,
    Participant,
    PrivateMessage,
)

CONVERSATIONS_MAX = 200
_ME, _ID = bindparam("me", type_=Integer), bindparam("id", type_=Integer)
_MINE, _THEIRS, _OTHER = aliased(Participant), aliased(Participant), aliased(Account)


@dataclass(frozen=True)
class ConversationView:
    """A conversation as one of its two meets it; `other` is None once they have left for good.

    Nothing here says whether a request was declined to who made it.
    """

    id: int
    state: str
    asked_by_me: bool
    asked_at: datetime
    last_message_at: datetime
    last_number: int
    other_id: int | None
    other: str | None
    other_left: bool
    other_invisible: bool
    read_number: int
    cleared_number: int
    muted: bool
    my_vanishing: int
    their_vanishing: int
    draft_body: str
    draft_content_note: str
    may_exchange: bool
    silenced_until: datetime | None
    silence_reason: str | None
    note_choices: str | None

    @property
    def shown_state(self) -> str:
        """The state as the viewer may know it: who asked is not told of a refusal."""
        return REQUESTED if self.is_waiting else self.state

    @property
    def is_open(self) -> bool:
        """Whether both have agreed to it."""
        return self.state == ACCEPTED

    @property
    def is_waiting(self) -> bool:
        """Whether the viewer has asked, and has no answer."""
        return not self.is_open and self.asked_by_me

    @property
    def is_declined(self) -> bool:
        """Whether the viewer has declined it."""
        return self.state == DECLINED and not self.asked_by_me

    @property
    def may_write(self) -> bool:
        """Whether messages can be sent in it now."""
        return (
            self.is_open
            and self.other_id is not None
            and self.may_exchange
            and not (self.other_left or self.silenced_until)
        )

    @property
    def vanish_after_hours(self) -> int:
        """After how many hours messages vanish: what both have chosen, or 0."""
        return self.my_vanishing if self.my_vanishing == self.their_vanishing else 0


def _views() -> Any:
    other_id = policy.other_of(_ME)
    until, reason = policy.silence_between(_ME, _OTHER.id)
    return (
        select(
            Conversation.id,
            Conversation.state,
            func.coalesce(Conversation.asked_by_id == _ME, literal(False)).label("asked_by_me"),
            Conversation.asked_at,
            Conversation.last_message_at,
            Conversation.last_number,
            _OTHER.id.label("other_id"),
            _OTHER.handle.label("other"),
            _THEIRS.left_at.is_not(None).label("other_left"),
            func.coalesce(_OTHER.invisible, literal(True)).label("other_invisible"),
            _MINE.read_number,
            _MINE.cleared_number,
            _MINE.muted,
            _MINE.vanish_after_hours.label("my_vanishing"),
            func.coalesce(_THEIRS.vanish_after_hours, 0).label("their_vanishing"),
            _MINE.draft_body,
            _MINE.draft_content_note,
            policy.may_exchange(_ME, _OTHER.id).label("may_exchange"),
            until.label("silenced_until"),
            reason.label("silence_reason"),
            content_note_preferences.LINES.label("note_choices"),
        )
        .join(_MINE, and_(_MINE.conversation_id == Conversation.id, _MINE.account_id == _ME))
        .outerjoin(_OTHER, _OTHER.id == other_id)
        .outerjoin(
            _THEIRS,
            and_(_THEIRS.conversation_id == Conversation.id, _THEIRS.account_id == other_id),
        )
        .where(policy.visible_to(_ME))
    )


_VIEWS = _views()
_ONE = _VIEWS.where(Conversation.id == _ID)


def conversation_for(viewer: Viewer, conversation_id: int) -> ConversationView:
    """Return a conversation of the viewer's.

    Raises NotFound, alike for one of others, one with whom they do not meet, and for none.
    """
    row = (
        current_connection().execute(_ONE, {"me": member_id(viewer), "id": conversation_id}).first()
    )
    if row is None:
        raise NotFound
    return ConversationView(**row._mapping)


_LAST = aliased(PrivateMessage)
_LISTED = (
    select(
        Conversation.id,
        Conversation.state,
        func.coalesce(Conversation.asked_by_id == _ME, literal(False)).label("asked_by_me"),
        Conversation.last_message_at,
        _OTHER.handle.label("other"),
        _MINE.muted,
        _LAST.html,
        _LAST.content_note,
        (_LAST.author_id == _ME).label("last_is_mine"),
        and_(_LAST.number > _MINE.read_number, _LAST.author_id.is_distinct_from(_ME)).label(
            "unread"
        ),
        content_note_preferences.LINES.label("note_choices"),
    )
    .join(_MINE, and_(_MINE.conversation_id == Conversation.id, _MINE.account_id == _ME))
    .outerjoin(_OTHER, _OTHER.id == policy.other_of(_ME))
    .outerjoin(
        _LAST,
        _LAST.id
        == select(func.max(PrivateMessage.id))
        .where(
            PrivateMessage.conversation_id == Conversation.id,
            PrivateMessage.number > _MINE.cleared_number,
            PrivateMessage.deleted_at.is_(None),
            policy.is_still_there(),
            ~policy.was_removed_by(_ME),
        )
        .correlate(Conversation, _MINE)
        .scalar_subquery(),
    )
    .where(
        policy.visible_to(_ME),
        # What one has declined is over; who asked sees it wait.
        or_(Conversation.state != DECLINED, Conversation.asked_by_id == _ME),
    )
    .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    .limit(at_most(CONVERSATIONS_MAX))
)


def conversations(viewer: Viewer) -> Sequence[AnyRow]:
    """Return the viewer's conversations and requests, the latest first.

    Raises LoginNeeded, Forbidden.
    """
    return current_connection().execute(_LISTED, {"me": member_id(viewer)}).all()


def wants_messages(viewer: Viewer) -> bool:
    """Whether the viewer lets people ask for a conversation. Raises LoginNeeded."""
    return current_session().get(MessageOptOut, member_id(viewer)) is None


@dataclass(frozen=True)
class Recipient:
    """Somebody whom the viewer may ask, or the reason why not, as a condition of policy names it.

    `conversation_id` is of the conversation that there is already, if the viewer sees it.
    """

    id: int
    handle: str
    met: bool
    may_exchange: bool
    opted_out: bool
    newcomer: bool
    silenced_until: datetime | None
    silence_reason: str | None
    conversation_id: int | None

    @property
    def may_be_asked(self) -> bool:
        """Whether a request to them would be sent."""
        closed = self.opted_out or self.newcomer or self.silenced_until
        return self.met and self.may_exchange and not closed


def recipient_for(viewer: Viewer, account_id: int) -> Recipient:
    """Return somebody with whom the viewer shares a group.

    Raises LoginNeeded, Forbidden, and NotFound, alike for who has blocked them and for nobody.
    """
    me = member_id(viewer)
    mine, other = literal(me, Integer), Account.__table__.c.id
    until, reason = policy.silence_between(mine, other)
    existing = (
        select(Conversation.id)
        .where(*pair_of(me, account_id), policy.visible_to(mine))
        .scalar_subquery()
    )
    row = (
        current_session()
        .execute(
            select(
                Account.id,
                Account.handle,
                policy.meets(mine, other).label("met"),
                policy.may_exchange(mine, other).label("may_exchange"),
                policy.has_opted_out(other).label("opted_out"),
                policy.is_newcomer(mine).label("newcomer"),
                until.label("silenced_until"),
                reason.label("silence_reason"),
                existing.label("conversation_id"),
            ).where(
                other == account_id,
                other != me,
                policy.share_any_group(mine, other),
                policy.is_not_blocked_by(mine, other),
            )
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return Recipient(**row._mapping)


def pair_of(one: int, two: int) -> tuple[Any, Any]:
    """Return the conditions on Conversation that find the one of two people."""
    return Conversation.lower_id == min(one, two), Conversation.higher_id == max(one, two)


def who_sees_conversation(conversation_id: int, among: Collection[int]) -> set[int]:
    """Return which of some accounts see a conversation."""
    found = (
        select(Account.id)
        .select_from(Conversation)
        .join(Account, Account.id.in_(among))
        .where(Conversation.id == conversation_id, policy.visible_to(Account.id))
    )
    return set(current_session().scalars(found))


def open_requests(viewer: Viewer) -> int:
    """Return how many of the viewer's requests wait for an answer, as far as they can tell."""
    mine = policy.is_open_request_of(viewer.sql_id())
    return current_session().scalar(select(func.count()).select_from(Conversation).where(mine)) or 0
