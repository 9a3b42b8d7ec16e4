"""Taking everything with you, and erasing yourself, across all slices."""

from forum.accounts import service as accounts
from forum.accounts.login.password_confirmation import confirmed as confirmed_by
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, person_id
from forum.core import text
from forum.core.background.jobs import queue as background_jobs
from forum.core.background.jobs.queue import Progress
from forum.core.db import transaction
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _
from forum.groups import service as groups
from forum.privacy.erasure import ERASE
from forum.privacy.tombstones import service as tombstones
from forum.privacy.tombstones import tombstone_file

REMOVE, KEEP = "remove", "keep"


def erase_myself(viewer: Viewer, *, posts: str, password: str, confirmed: bool) -> str:
    """Erase somebody, with their posts (`remove`) or leaving those to nobody (`keep`).

    Nobody can log in to the account or find it from now on. All else is done by a job; the token
    of the page that says how far it is is returned.
    Raises LoginNeeded, and Invalid for `posts`, `confirm`, `password`; nothing is changed then.
    """
    person_id(viewer)
    wrong = {}
    if posts not in {REMOVE, KEEP}:
        wrong["posts"] = _("Choose what should happen to your posts.")
    if not confirmed:
        wrong["confirm"] = _("Tick this box to confirm that you want to erase your account.")
    if wrong:
        raise Invalid(fields=wrong)
    account_id, _kept = confirmed_by(viewer, password)
    return erase(account_id, remove=posts == REMOVE)


def erase(account_id: int, *, remove: bool) -> str:
    """Erase somebody as `erase_myself` does, with their posts if `remove`. Raises NotFound."""
    with transaction() as session:
        # The account before its groups: merging two threads locks both in that order.
        name = text.folded(accounts.close(account_id))
        public_id = session.get_one(Account, account_id).public_id
        kind = tombstone_file.WITH_POSTS if remove else tombstone_file.WITHOUT_POSTS
        tombstones.note(session, kind, public_id)
        groups.erase(account_id)
        return background_jobs.enqueue(session, ERASE, account_id, name=name, remove=remove)


def erasure_progress(token: str) -> Progress:
    """Return how far the erasure with this page is. Raises NotFound for none."""
    found = background_jobs.progress(ERASE, token)
    if found is None:
        raise NotFound
    return found
