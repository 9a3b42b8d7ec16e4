"""In which language a member reads the forum, and is written to."""

from forum.accounts import account_rows
from forum.accounts.policy import Viewer, person_id
from forum.core.db import transaction
from forum.core.errors import Invalid
from forum.core.translation import _, catalogues


def change_language(viewer: Viewer, language: str) -> None:
    """Read the forum in another language; "" follows the browser. Raises Invalid."""
    require_language(language)
    with transaction() as session:
        account_rows.update_account(session, person_id(viewer), language=language)


def require_language(language: str) -> None:
    """Raise Invalid if there is no such language; "" is whatever the browser says."""
    if language and not catalogues.has(language):
        raise Invalid(fields={"language": _("Choose one of these languages.")})
