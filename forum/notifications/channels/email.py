"""Notifications by email, to addresses that their owners have confirmed."""

from forum.accounts.email_delivery import bounces, switched_off_emails
from forum.accounts.identity import verified_emails
from forum.core import mail, signed_tokens
from forum.core.db import release_session
from forum.core.translation import _
from forum.notifications.channels.channel import Channel, Gone, Message, Outcome, Retry, Sent
from forum.notifications.notification_choices import EMAIL
from forum.notifications.preferences import unsubscribe

AT_MOST_AN_HOUR = 10
_mailer = mail.Mailer()
# Where the server refuses so many in a row, it is to blame and no mailbox.
_REFUSED_MAX = 5
_refused: set[str] = set()


def _send(account_id: int, key: str, message: Message) -> Outcome:
    found = verified_emails.address_of(account_id)
    if found is None:
        return Gone("There is no confirmed address any more.")
    address, failures = found
    release_session()
    outcome = _mailer.deliver(_letter(account_id, key, message, address), signed_tokens.key())
    if isinstance(outcome, mail.Delivered):
        _refused.clear()
        if failures:
            switched_off_emails.note_success(account_id, address)
        return Sent()
    if isinstance(outcome, mail.Later):
        return Retry(outcome.reason, for_all=outcome.for_all, maybe_for_all=outcome.maybe_for_all)
    if isinstance(outcome, mail.Rejected):
        return Gone(outcome.reason)
    _refused.add(address)
    if len(_refused) >= _REFUSED_MAX:
        return Retry(mail.REFUSES_MANY, maybe_for_all=True)
    switched_off_emails.switch_off(account_id, address, verified_emails.NO_MAILBOX)
    return Gone(outcome.reason)


def _letter(account_id: int, key: str, message: Message, address: str) -> mail.Letter:
    leave = unsubscribe.address(account_id, message.choice, address)
    return mail.Letter(
        to=address,
        subject=message.subject,
        paragraphs=message.paragraphs,
        key=key,
        token=bounces.token_of(account_id, address),
        link=(f"{mail.origin()}{message.address}", message.link),
        footer=(
            _(
                "You get this because you confirmed this address at %(site)s.",
                site=mail.site(),
            ),
            _("Stop these emails: %(address)s", address=leave),
        ),
        unsubscribe="" if message.choice.pressing else leave,  # one click ends no alarms
    )


CHANNEL = Channel(
    name=EMAIL,
    available=mail.sends_links,
    reaches=verified_emails.reaches,
    send=_send,
    rest=_mailer.rest,
    at_most_an_hour=AT_MOST_AN_HOUR,
    gave_up=switched_off_emails.note_failure,
)
