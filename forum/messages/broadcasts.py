"""What sockets are sent of a conversation: each of the two what the page would show them."""

from typing import Any

from forum.core.realtime import presence, socket_events
from forum.core.translation import using
from forum.core.web import private_ids
from forum.groups import quotation_visibility
from forum.messages import queries
from forum.messages.content import fragments
from forum.messages.content import queries as content_queries
from forum.messages.events import (
    ConversationChanged,
    MessagesRemoved,
    PrivateMessageChanged,
    PrivateMessageSent,
    RequestAnswered,
)


def presence_key(conversation_id: int) -> str:
    """Return the name of a conversation as a place where people are."""
    return f"conversation:{conversation_id}"


def room(conversation_id: int, account_id: int) -> str:
    """Return the room of one person's sockets in a conversation."""
    return f"conversation:{conversation_id}:{account_id}"


def broadcast_sent(event: PrivateMessageSent) -> None:
    """Show a new message to those of the two who have the page open."""
    _broadcast(event.message_id, event.conversation_id, "message:created")


def broadcast_changed(event: PrivateMessageChanged) -> None:
    """Show a changed message."""
    _broadcast(event.message_id, event.conversation_id, "message:changed")


def broadcast_removed(event: MessagesRemoved) -> None:
    """Take messages out of the pages of one person, or of both where they have vanished."""
    if event.account_id is None:
        fragments.clear_cache()
    here = _present(event.conversation_id)
    seeing = here & {event.account_id} if event.account_id else here
    for number in event.numbers:
        payload = {**_place(event.conversation_id), "id": number, "number": number}
        _send("message:removed", payload, event.conversation_id, seeing)


def broadcast_state(event: ConversationChanged) -> None:
    """Tell both that something about the conversation has changed; their pages ask what."""
    here = _present(event.conversation_id)
    seeing = queries.who_sees_conversation(event.conversation_id, here) if here else set()
    _send("conversation:changed", _place(event.conversation_id), event.conversation_id, seeing)


def broadcast_answer(event: RequestAnswered) -> None:
    """Tell the other pages of the person who has answered, and nobody else."""
    here = _present(event.conversation_id) & {event.account_id}
    _send("conversation:changed", _place(event.conversation_id), event.conversation_id, here)


def broadcast_typing(conversation_id: int, account_id: int, handle: str) -> None:
    """Tell the other that somebody is writing."""
    here = _present(conversation_id) - {account_id}
    seeing = queries.who_sees_conversation(conversation_id, here) if here else set()
    payload = {**_place(conversation_id), "handle": handle}
    _send("conversation:typing", payload, conversation_id, seeing)


def _broadcast(message_id: int, conversation_id: int, name: str) -> None:
    here = _present(conversation_id)
    found = content_queries.message_ref(message_id) if here else None
    if found is None:
        return
    seeing = content_queries.who_sees(message_id, here)
    payload = {
        **_place(conversation_id),
        "id": found.number,
        "number": found.number,
        "version": found.version,
    }
    for language in presence.here().languages(presence_key(conversation_id)) if seeing else ():
        with using(language):
            html = fragments.message_fragments([found])[found.id]
            for account_id in seeing:
                shown = quotation_visibility.in_private(account_id, {found.id: html})
                socket_events.send_in_this_language(
                    name,
                    {**payload, "html": str(shown[found.id])},
                    [room(conversation_id, account_id)],
                )


def _place(conversation_id: int) -> dict[str, Any]:
    return {"conversation_id": private_ids.of(conversation_id)}


def _present(conversation_id: int) -> set[int]:
    return presence.here().accounts(presence_key(conversation_id)) - {0}


def _send(name: str, payload: dict[str, Any], conversation_id: int, accounts: set[int]) -> None:
    rooms = [room(conversation_id, account_id) for account_id in accounts]
    socket_events.send(name, payload, rooms)
