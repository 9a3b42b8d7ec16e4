"""The Socket.IO door of home."""

from flask import request

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core.realtime import presence, socket_events
from forum.core.realtime.socket_events import on
from forum.home import broadcasts


@on("home:join")
def join() -> None:
    """Hear when the first page shows something new."""
    account_id = member_id(viewer())
    socket_events.join(broadcasts.room(account_id))
    presence.here().enter(broadcasts.PRESENCE, str(request.sid), account_id)  # type: ignore[attr-defined]
