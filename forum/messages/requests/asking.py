"""Asking for a conversation: what there is between two people already decides how.

Who has asked is never told of a refusal, by any door: a declined request goes on as one that waits.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, TooMany
from forum.core.events import announce
from forum.core.translation import _, ngettext
from forum.groups.membership import silence_checks
from forum.messages import conversation_locking, policy, queries, service
from forum.messages.conversation_locking import NewMessage
from forum.messages.events import ConversationChanged, MessageRequested
from forum.messages.models import (
    ACCEPTED,
    DECLINED,
    REQUESTED,
    Conversation,
    Participant,
    PrivateMessage,
)
from forum.messages.queries import Recipient


def ask(
    viewer: Viewer, account_id: int, *, body: str, idempotency_key: str, content_note: str = ""
) -> int:
    """Ask somebody for a conversation by its first message; return the conversation's id.

    Where the other has asked already, both want it, and it begins. Raises Invalid, LoginNeeded,
    NotFound (nobody, or nobody whom they meet), Forbidden (a newcomer, silenced, switched off),
    Conflict (asked already), TooMany (five requests wait, or the same person lately).
    """
    me, now = member_id(viewer), clock.now()
    key = service.checked_key(idempotency_key)
    body, note = service.checked(body, content_note, policy.REQUEST_MAX)
    with transaction() as session:
        _lock_people(session, me, account_id)
        person = queries.recipient_for(viewer, account_id)
        if (sent := service.sent_before(me, key)) is not None:
            return _conversation_of(session, sent)
        there = session.scalar(
            select(Conversation).where(*queries.pair_of(me, account_id)).with_for_update()
        )
        request = _Asking(session, viewer, person, there, now)
        conversation_id, is_request = request.write_down()
        # Where both agree already, this is a message like any other, and vanishes as they do.
        there_is = None if is_request else queries.conversation_for(viewer, conversation_id)
        hours = there_is.vanish_after_hours if there_is else 0
        new = NewMessage(me, account_id, body, note, key, now, hours, is_request)
        conversation_locking.insert_message(session, conversation_id, new)
        request.announce_to_them(conversation_id, is_request)
        return conversation_id


class _Asking:
    """One request, about to be made: what there is between the two already decides how."""

    def __init__(
        self,
        session: Session,
        viewer: Viewer,
        person: Recipient,
        there: Conversation | None,
        now: datetime,
    ) -> None:
        self.session, self.viewer, self.person, self.now = session, viewer, person, now
        self.there = there
        self.me = member_id(viewer)
        sides = select(Participant).where(Participant.conversation_id == (there.id if there else 0))
        self.left = {side.account_id: side.left_at is not None for side in session.scalars(sides)}

    def write_down(self) -> tuple[int, bool]:
        """Bring the conversation into its next state; return its id, and whether it is asked for.

        Raises as `ask`.
        """
        self._require_writing()
        there, me, them = self.there, self.me, self.person.id
        if there is None:
            self._require_may_ask()
            return self._create(), True
        if there.state == ACCEPTED and not self.left.get(them):
            conversation_locking.change_side(self.session, there.id, me, left_at=None)
            return there.id, False
        if there.asked_by_id == them and not self.left.get(them):
            conversation_locking.open_for_both(self.session, there.id, me)  # both have asked
            return there.id, False
        if there.asked_by_id == me and not self.left.get(me) and there.state != ACCEPTED:
            raise Conflict(
                _("You've already written to them. They haven't replied yet."), code="asked"
            )
        self._require_may_ask()
        if there.asked_by_id == me and there.asked_at > self.now - policy.ASK_AGAIN_AFTER:
            raise TooMany(
                _("You've written to this person recently. Please give them some time."),
                code="asked_lately",
            )
        return self._ask_again(there), True

    def announce_to_them(self, conversation_id: int, is_request: bool) -> None:
        """Let them know of a request, unless they have declined one before."""
        if not is_request:
            announce(ConversationChanged(conversation_id))
        elif not (self.there and self._was_declined(self.there)):
            announce(MessageRequested(conversation_id, self.me, self.person.id, self.now))

    def _was_declined(self, there: Conversation) -> bool:
        return there.state == DECLINED and there.asked_by_id == self.me

    def _require_writing(self) -> None:
        if not self.person.met:
            raise Forbidden(
                _("You've muted or blocked this person. You can undo that on their page."),
                code="apart",
            )
        silence_checks.require_not_silenced(
            self.person.silenced_until, self.person.silence_reason, self.now
        )
        if not self.person.may_exchange:
            raise Forbidden(_closed(self.person), code="closed")

    def _require_may_ask(self) -> None:
        if self.person.opted_out:
            raise Forbidden(_closed(self.person), code="closed")
        if self.person.newcomer:
            raise Forbidden(
                _(
                    "You can write to people in private once you've been here for a week and have "
                    "posted three times. Until then, the groups are a good place to talk."
                ),
                code="newcomer",
            )
        if queries.open_requests(self.viewer) >= policy.OPEN_REQUESTS_MAX:
            raise TooMany(
                ngettext(
                    "%(count)s of your requests is still waiting for a reply. You can withdraw it, "
                    "or wait until someone has replied.",
                    "%(count)s of your requests are still waiting for a reply. You can withdraw "
                    "one, or wait until someone has replied.",
                    policy.OPEN_REQUESTS_MAX,
                ),
                code="open_requests",
            )

    def _create(self) -> int:
        one, two = sorted((self.me, self.person.id))
        made = Conversation(
            lower_id=one,
            higher_id=two,
            state=REQUESTED,
            asked_by_id=self.me,
            asked_at=self.now,
            version=0,
            last_number=0,
            last_message_at=self.now,
        )
        self.session.add(made)
        self.session.flush()
        self.session.add_all(
            Participant(conversation_id=made.id, account_id=each) for each in (one, two)
        )
        self.session.flush()
        return made.id

    def _ask_again(self, there: Conversation) -> int:
        """Ask once more; who has declined before is not shown it, and who asks is not told."""
        quietly = self._was_declined(there)
        conversation_locking.change(
            self.session,
            there.id,
            state=DECLINED if quietly else REQUESTED,
            asked_by_id=self.me,
            asked_at=self.now,
        )
        conversation_locking.change_side(self.session, there.id, self.me, left_at=None)
        conversation_locking.change_side(
            self.session,
            there.id,
            self.person.id,
            left_at=None,
            cleared_number=there.last_number + quietly,
        )
        return there.id


def _closed(person: Recipient) -> str:
    return _(
        "You can't write to %(name)s in private. They, or the groups you share, may have private "
        "messages switched off.",
        name=person.handle,
    )


def _lock_people(session: Session, one: int, two: int) -> None:
    """Let requests between two people, and all requests of one, wait for each other."""
    both = select(Account.id).where(Account.id.in_((one, two))).order_by(Account.id)
    session.execute(both.with_for_update(key_share=True)).all()


def _conversation_of(session: Session, message_id: int) -> int:
    found = select(PrivateMessage.conversation_id).where(PrivateMessage.id == message_id)
    return int(session.scalars(found).one())
