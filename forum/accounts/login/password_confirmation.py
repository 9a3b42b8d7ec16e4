"""Asking for the password once more, before what cannot be taken back."""

from forum.accounts import queries
from forum.accounts.login import passwords, security_log, sessions
from forum.accounts.policy import Viewer, person_id
from forum.core.errors import Invalid
from forum.core.translation import _


def confirmed(viewer: Viewer, password: str, field: str = "password") -> tuple[int, str]:
    """Return the viewer's id and their password's hash, if this is the password.

    It takes a tenth of a second and belongs before a transaction: a refusal is then noted whatever
    follows. Raises LoginNeeded, Invalid.
    """
    account_id = person_id(viewer)
    kept = queries.password_hash_of(account_id)
    if kept is None or not passwords.matches(kept, password):
        security_log.log_wrong_password(account_id, sessions.device_of(viewer))
        raise Invalid(fields={field: _("That isn't your password. Please try again.")})
    return account_id, kept
