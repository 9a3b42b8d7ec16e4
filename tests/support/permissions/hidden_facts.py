"""The hidden facts by which pairs of worlds differ, and who may not learn each of them."""

from forum.accounts import service as accounts
from forum.accounts.identity import public_ids
from forum.core import clock
from forum.core.realtime import presence
from forum.groups import service as groups
from forum.meetings.calendars import service as calendars
from forum.meetings.room import service as rooms
from forum.meetings.schedule import service as scheduling
from forum.messages import participant_state
from forum.messages import service as private_messages
from forum.messages.requests import service as message_requests
from forum.moderation.actions import service as moderation
from forum.moderation.on_call import rota
from forum.moderation.reports import service as reports
from forum.moderation.watched_words import service as watched_words
from forum.research import service as research
from forum.safety import service as safety
from forum.threads import service as threads
from forum.threads.broadcasts import thread_broadcasts as live
from forum.threads.reader import drafts, reader_state
from tests.support import factories
from tests.support.permissions.hidden_fact_registry import hidden_from
from tests.support.permissions.hidden_worlds import INSIDE, OUTSIDE, Hidden
from tests.support.worlds import conversation_world, meeting_schedules


def _begin(it: Hidden, group_id: int, by: str = "member") -> None:
    place = factories.thread(it.people[by], group_id, title="A hidden title")
    it.note(thread_id=place.thread_id, post_id=place.id)


@hidden_from(*OUTSIDE)
def thread_in_closed_group(it: Hidden) -> None:
    """Somebody begins a thread where only members read."""
    _begin(it, it.closed_id)


@hidden_from(*OUTSIDE)
def reply_in_closed_group(it: Hidden) -> None:
    """Somebody answers there."""
    place = factories.post(it.people["facilitator"], it.closed_thread)
    it.note(thread_id=it.closed_thread, post_id=place.id)


@hidden_from(*INSIDE)
def muted_author(it: Hidden) -> None:
    """Somebody keeps away from another member, who is not told."""
    accounts.mute(it.people["author"], it.id_of("member"))


@hidden_from(*OUTSIDE)
def lurker_joins(it: Hidden) -> None:
    """A silent person becomes a member."""
    factories.join(it.people["lurker"], it.readable_id)
    it.note(account_id=public_ids.of(it.id_of("lurker")), handle="thelurkerx")


@hidden_from(*OUTSIDE)
def lurker_joins_closed(it: Hidden) -> None:
    """The same in a closed group."""
    factories.join(it.people["lurker"], it.closed_id)


@hidden_from(*INSIDE)
def lurker_asks(it: Hidden) -> None:
    """Somebody asks to be let in."""
    groups.ask_to_join(it.people["lurker"], it.closed_id, "Please")


@hidden_from("blocked")
def post_of_the_blocker(it: Hidden) -> None:
    """A person who blocked somebody writes."""
    place = factories.post(it.people["author"], it.readable_thread)
    it.note(post_id=place.id)


@hidden_from("blocked")
def thread_of_the_blocker(it: Hidden) -> None:
    """The same, a new thread."""
    _begin(it, it.readable_id, "author")


@hidden_from(*INSIDE)
def hidden_group(it: Hidden) -> None:
    """There is a group of which outsiders may not know, with a thread and a meeting in it."""
    group_id = factories.group(slug="cellar", name="Cellar", visibility="hidden")
    factories.join(it.people["facilitator"], group_id, "facilitator")
    _begin(it, group_id, "facilitator")
    it.note(slug="cellar", meeting_id=rooms.open_drop_in(it.people["facilitator"], group_id))
    series_id = scheduling.schedule_series(
        it.people["facilitator"], group_id, meeting_schedules.form()
    )
    calendars.create_calendar(it.people["facilitator"], group_id)
    it.note(slug="cellar", series_id=series_id)


@hidden_from(*INSIDE)
def pending_post(it: Hidden) -> None:
    """A post waits for approval."""
    place = factories.post(it.people["author"], it.closed_thread)
    it.note(thread_id=it.closed_thread, post_id=place.id)


@hidden_from(*INSIDE)
def report(it: Hidden) -> None:
    """Somebody reports a post."""
    reports.report(it.people["administrator"], "post", it.post_id, reason="unkind")
    it.note(item_id=1)


@hidden_from(*INSIDE)
def draft(it: Hidden) -> None:
    """A member has begun to write."""
    drafts.save_draft(it.people["author"], it.readable_id, it.readable_thread, body="So far")


@hidden_from(*INSIDE)
def bookmark(it: Hidden) -> None:
    """A member keeps a post, and watches a thread."""
    reader_state.set_bookmark(it.people["author"], it.post_id, on=True)
    reader_state.follow(it.people["author"], it.closed_thread, on=True)


@hidden_from(*INSIDE)
def care_note(it: Hidden) -> None:
    """A facilitator writes to a member in private."""
    note = safety.send_care_message(
        it.people["facilitator"], "readable", it.id_of("author"), body="Hi"
    )
    it.note(care_message_id=note)


@hidden_from(*OUTSIDE)
def title_hidden(it: Hidden) -> None:
    """What a member began in a closed group is hidden with its title."""
    _begin(it, it.closed_id)
    moderation.take_action(
        it.people["facilitator"], "hide", int(str(it.places[-1]["post_id"])), reason="A name"
    )


@hidden_from(*OUTSIDE)
def title_changed(it: Hidden) -> None:
    """A moderator gives a conversation of a closed group another title."""
    moderation.take_action(
        it.people["administrator"], "title", it.closed_thread, value="Evenings", reason="A name"
    )


@hidden_from("blocked", *OUTSIDE)
def reader(it: Hidden) -> None:
    """A person who blocked somebody reads a thread just now."""
    where = live.presence_key(it.readable_thread)
    presence.here().enter(where, "theirs", it.id_of("author"))


@hidden_from(*INSIDE)
def care_message_reported(it: Hidden) -> None:
    """A member reports what a facilitator wrote to them in private."""
    note = safety.send_care_message(
        it.people["facilitator"], "readable", it.id_of("author"), body="Hi"
    )
    reports.report(it.people["author"], "care_message", note, reason="unkind")
    it.note(care_message_id=note, item_id=1)


@hidden_from(*INSIDE)
def warning(it: Hidden) -> None:
    """A member is warned."""
    moderation.take_action(
        it.people["administrator"],
        "warn",
        it.id_of("author"),
        reason="Unkind",
        message="Please be kind",
        group_id=it.readable_id,
    )
    it.note(log_entry_id=1)


@hidden_from(*INSIDE)
def invitation(it: Hidden) -> None:
    """A facilitator invites somebody."""
    groups.invite(it.people["facilitator"], it.readable_id)
    it.note(invitation_id=1)


@hidden_from(*OUTSIDE)
def reaction(it: Hidden) -> None:
    """Somebody reacts to a post of a closed group."""
    post_id = factories.post(it.people["facilitator"], it.closed_thread).id
    threads.react(it.people["author"], post_id, "hug", on=True)
    it.note(thread_id=it.closed_thread, post_id=post_id)


@hidden_from("blocked")
def page_of_the_blocker(it: Hidden) -> None:
    """A person who blocked somebody writes more than a page, and takes some of it back."""
    written = [factories.post(it.people["author"], it.readable_thread).id for _post in range(21)]
    threads.edit_post(it.people["author"], written[0], body="In other words")
    threads.delete_post(it.people["author"], written[1])
    moderation.take_action(it.people["facilitator"], "hide", written[2], reason="A name")


@hidden_from("blocked", *OUTSIDE)
def blocker_changes(it: Hidden) -> None:
    """A person who blocked somebody takes another handle, and says something about themselves."""
    accounts.change_handle(it.people["author"], "theauthory")
    accounts.change_profile(it.people["author"], about="Back again", invisible=False)


@hidden_from("blocked", *OUTSIDE)
def role(it: Hidden) -> None:
    """A person who blocked somebody comes to help with a group."""
    moderation.take_action(
        it.people["administrator"],
        "role",
        it.id_of("author"),
        value="facilitator",
        reason="A second pair of hands",
        group_id=it.closed_id,
    )


@hidden_from(*INSIDE)
def note_for_moderators(it: Hidden) -> None:
    """Moderators leave each other a note about a member."""
    moderation.take_action(
        it.people["administrator"],
        "note",
        it.id_of("member"),
        message="Calm now",
        reason="A talk",
        group_id=it.readable_id,
    )


@hidden_from(*INSIDE)
def tended(it: Hidden) -> None:
    """A group gets words to watch for, and hours in which somebody is there for it."""
    watched_words.set_words(it.people["facilitator"], it.readable_id, "cliff")
    hour = clock.now().replace(minute=0)
    rota.take_shift(it.people["facilitator"], it.readable_id, hour, 2)


@hidden_from(*INSIDE)
def consent(it: Hidden) -> None:
    """Somebody takes part in a study."""
    research.give_consent(it.people["author"], "evenings", version=1, clauses=("record",))


@hidden_from("member")
def request_declined(it: Hidden) -> None:
    """Somebody declines what a member has asked them in private, who sees it wait."""
    message_requests.decline(it.people["facilitator"], it.conversation_id)


@hidden_from("member")
def request_read(it: Hidden) -> None:
    """Or has read it, and made it quiet."""
    participant_state.mark_read(it.people["facilitator"], it.conversation_id, 1)
    participant_state.set_muted(it.people["facilitator"], it.conversation_id, on=True)


@hidden_from(*INSIDE)
def private_conversation(it: Hidden) -> None:
    """Two others write to each other, and delete."""
    there = conversation_world.begin(it.people["author"], it.people["facilitator"])
    it.note(conversation_id=there, private_message_id=2)
    private_messages.delete_for_both(it.people["author"], there, 1)


@hidden_from("blocked", "member", *OUTSIDE)
def opted_out(it: Hidden) -> None:
    """Somebody whom they cannot ask anyway wants no requests."""
    participant_state.set_wants_messages(it.people["facilitator"], on=False)
