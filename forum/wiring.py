"""What follows from what, on one page.

WITHIN_TRANSACTION: consequences that must be true together with their event.
AFTER_COMMIT: consequences that reach out; they run in this order, and may fail without harm.
"""

from forum.accounts import sockets as account_sockets
from forum.accounts.events import HandleChanged, SessionsEnded
from forum.core import metrics
from forum.core.events import Wiring
from forum.threads import erasing, live
from forum.threads.events import PostChanged, PostCreated

WITHIN_TRANSACTION: Wiring = {
    HandleChanged: [erasing.follow_new_handle],
}

AFTER_COMMIT: Wiring = {
    PostCreated: [metrics.post_created, live.show_created],
    PostChanged: [live.show_changed],
    SessionsEnded: [account_sockets.cut],
}
