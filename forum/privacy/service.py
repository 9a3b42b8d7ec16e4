"""Taking everything with you, and erasing yourself, across all slices."""

from forum.accounts import service as accounts
from forum.accounts.confirming import confirmed as confirmed_by
from forum.accounts.policy import Viewer, person_id
from forum.core import parts
from forum.core.db import transaction
from forum.core.errors import Invalid
from forum.groups import service as groups
from forum.meetings import erasing as meetings
from forum.moderation import erasing as moderation
from forum.moderation import queue_erasing as queue
from forum.privacy import names
from forum.safety import service as safety
from forum.threads import erasing as threads

research = parts.optional("forum.research.erasing")

REMOVE, KEEP = "remove", "keep"


def erase_myself(viewer: Viewer, *, posts: str, password: str, confirmed: bool) -> None:
    """Erase somebody, with their posts (`remove`) or leaving those to nobody (`keep`).

    What members were told, and every other row that is theirs, goes with the account's row.
    Raises LoginNeeded, and Invalid for `posts`, `confirm`, `password`; nothing is changed then.
    """
    person_id(viewer)
    wrong = {}
    if posts not in {REMOVE, KEEP}:
        wrong["posts"] = "Please choose what happens to your posts."
    if not confirmed:
        wrong["confirm"] = "Please tick this, so that nobody is erased by mistake."
    if wrong:
        raise Invalid(fields=wrong)
    account_id, _kept = confirmed_by(viewer, password)
    with transaction():
        threads.erase(account_id, remove_posts=posts == REMOVE)
        meetings.erase(account_id, remove_words=posts == REMOVE)
        safety.erase(account_id, remove_words=posts == REMOVE)
        groups.erase(account_id)
        moderation.erase(account_id)
        queue.erase(account_id)
        if research:
            research.erase(account_id)
        names.take_out(account_id)
        accounts.erase(account_id)
