"""Letters about an address itself: the link that confirms it, and that an account has another.

They and links for a new password leave by `post_soon`, which sends nothing to stopped mailboxes.
"""

from forum.accounts.identity import emails, stopped_mailboxes, verified_emails
from forum.accounts.identity.verified_emails import FAILING, STOPPED
from forum.accounts.policy import Viewer
from forum.core import mail
from forum.core.background import periodic
from forum.core.db import release_session
from forum.core.errors import Invalid, TooMany
from forum.core.translation import _
from forum.core.translation.languages import current, in_language
from forum.core.web import rate_limits


def send_link(viewer: Viewer) -> None:
    """Send the link that confirms one's address, unless this mailbox has had too many.

    Of the mailbox nothing is said, else one could learn what others have asked for. Raises Invalid
    where there is no address, and TooMany for the account.
    """
    letter = with_link(viewer)
    if not rate_limits.has_room(rate_limits.LINKS_OF_ACCOUNT, "confirm", f"account {viewer.id}"):
        raise TooMany
    mailbox = f"mailbox {emails.mailbox(letter.to)}"
    if rate_limits.has_room(rate_limits.LINKS_TO_MAILBOX, "confirm", mailbox):
        post_soon(letter)


def post_soon(letter: mail.Letter) -> None:
    """Send a letter once the answer is out: how long that takes tells nobody anything."""
    periodic.soon(0, object(), in_language(current(), lambda: _post(letter)))


def _post(letter: mail.Letter) -> None:
    stopped = stopped_mailboxes.is_stopped(letter.to)
    release_session()
    if not stopped:
        mail.post(letter)


def with_link(viewer: Viewer) -> mail.Letter:
    """Return the letter with the link that confirms the address of an account.

    Raises Invalid where there is no address.
    """
    state = verified_emails.state_of(viewer)
    if state is None:
        raise Invalid(_("Add an email address first."))
    token = verified_emails.token_of(viewer, state.email)
    site = mail.site()
    return mail.Letter(
        to=state.email,
        subject=_("Confirm your email address for %(site)s", site=site),
        paragraphs=(
            _("Someone, probably you, wants emails from %(site)s to come here.", site=site),
            _("If it wasn't you, ignore this email. Nothing more will come."),
        ),
        link=(f"{mail.origin()}/account/email/confirm/{token}", _("Confirm this address")),
    )


def to_former_address(viewer: Viewer) -> mail.Letter | None:
    """Return what to tell the confirmed address that an account has until now, if mail goes there.

    Whoever gets into somebody's account must not be able to change it unnoticed.
    """
    state = verified_emails.state_of(viewer)
    if state is None or not state.verified or state.off_reason not in {"", STOPPED, FAILING}:
        return None
    return mail.Letter(
        to=state.email,
        subject=_("Your email address was changed"),
        paragraphs=(
            _("Emails from %(site)s no longer come to this address.", site=mail.site()),
            _("If it wasn't you who changed it, log in and choose a new password."),
        ),
        link=(f"{mail.origin()}/account", _("Your account")),
    )
