"""What open pages are sent of a post: a new one, a changed one, and that one is hidden or gone.

Each person is sent only what the page would show them, so a post that is hidden is changed for
moderators, and leaves the pages of everybody else.
"""

from collections.abc import Collection
from typing import Any

from markupsafe import Markup

from forum.core.realtime import presence, socket_events
from forum.core.translation import using
from forum.groups import profile_links, quotation_visibility
from forum.threads import queries
from forum.threads.broadcasts import recipients
from forum.threads.broadcasts.thread_broadcasts import presence_key, room
from forum.threads.events import PostChanged, PostCreated, PostDeclined, PostPending
from forum.threads.posts import fragments


def broadcast_created(event: PostCreated | PostPending) -> None:
    """Show a new post to people in the thread who may see it."""
    _broadcast(event.post_id, event.thread_id, "post:created")


def broadcast_changed(event: PostChanged | PostDeclined) -> None:
    """Show a changed post to people who may see it, and remove it for the others."""
    _broadcast(event.post_id, event.thread_id, "post:changed")


def _broadcast(post_id: int, thread_id: int, name: str) -> None:
    here = presence.here().accounts(presence_key(thread_id))
    if not here:
        return
    found, _html = fragments.current(post_id)
    seeing, missing, led = recipients.viewers_of_post(post_id, here)
    payload = {"thread_id": thread_id, "id": post_id, "version": found.version}
    for language in presence.here().languages(presence_key(thread_id)):
        with using(language):
            _send_post(name, {**payload, "number": found.number}, found, seeing, led)
    rooms = [room(thread_id, account) for account in missing]
    socket_events.send("post:removed", payload, rooms)


def _send_post(
    name: str, payload: dict[str, Any], found: Any, seeing: set[int], led: set[int]
) -> None:
    """Send a post in one language; `led`: who can open its author's profile."""
    html = fragments.in_this_language(found)
    _send_html(name, payload, html, seeing & led)
    if others := seeing - led:
        author = {found.author_id} if found.author_id else set()
        unlinked = profile_links.without_links_to(author, {found.id: html})
        _send_html(name, payload, unlinked[found.id], others)


def _send_html(name: str, payload: dict[str, Any], html: Markup, accounts: Collection[int]) -> None:
    thread_id = payload["thread_id"]
    shown = quotation_visibility.for_readers(accounts, queries.group_of(thread_id), html)
    for one, readers in shown.items():
        message = {**payload, "html": str(one)}
        rooms = [room(thread_id, account) for account in readers]
        socket_events.send_in_this_language(name, message, rooms)
