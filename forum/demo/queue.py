"""What the demo community's moderators find in their queue: something of each kind."""

from datetime import datetime, timedelta

from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import current_session, transaction
from forum.groups import queries as group_queries
from forum.groups import service as groups
from forum.groups.models import MEMBER, Membership
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.models import POST, REPORT, RESOLVED
from forum.moderation.queue_items.transitions import NewItem
from forum.moderation.reports import service as reports
from forum.moderation.watched_words import service as watched_words
from forum.threads import service as threads
from forum.threads.models import IN_THREAD, Post, Thread

GROUP, WITH_REQUESTS = "low-water", "four-in-the-morning"
HEATED = "Is it worth going back on the waiting list?"
PAST_DAYS = 13


def fill(now: datetime) -> None:
    """Report, watch for and ask for what the group's moderators then find waiting."""
    lantern, hazelmoor, fernway = map(_person, ("old_lantern", "hazelmoor", "fernway"))
    group_id = group_queries.id_of(GROUP)
    posts = _posts(group_id, {lantern.id, hazelmoor.id, fernway.id})
    _past(group_id, lantern, posts[10:], now)
    for at, reason, words in (
        (0, "unkind", "I do not think this was meant badly, but it stung."),
        (1, "privacy", "The name of a clinic is in it."),
        (2, "harm_self", "I have a bad feeling about this one. Could somebody write to them?"),
    ):
        reports.report(fernway, POST, posts[at][0], reason=reason, words=words)
    for member in _members(group_id, 2, {fernway.id, lantern.id, hazelmoor.id, posts[0][1]}):
        reports.report(member, POST, posts[0][0], reason="unkind")
    reports.report(fernway, POST, posts[3][0], reason="spam")
    _answer(lantern, posts[3][0])
    watched_words.set_words(hazelmoor, group_id, "miracle cure\nwaiting list")
    groups.ask_to_join(
        fernway,
        group_queries.id_of(WITH_REQUESTS),
        "My sister has just had her second, and I want to understand.",
    )
    queue_triggers.sweep()
    _acts(lantern, hazelmoor, group_id, posts[10:])
    _pre_moderate(lantern, group_id, without={fernway.id, _person("keeper").id})
    rota.take_shift(lantern, group_id, now, 4, "The thread about waiting lists may get heated.")


def _past(group_id: int, by: Viewer, posts: list[tuple[int, int]], now: datetime) -> None:
    """Leave two weeks of resolved items, as a history to look at."""
    with transaction() as session:
        for day in range(PAST_DAYS, 0, -1):
            for turn in range(1 + day * day % 4):
                post_id, author_id = posts[(day * 4 + turn) % len(posts)]
                at = now - timedelta(days=day, minutes=70 * turn)
                taken, done = at + timedelta(minutes=6 * day), at + timedelta(minutes=14 * day)
                new = NewItem(REPORT, POST, post_id, group_id, author_id, policy.TODAY)
                entry = transitions.add_item(session, new, at)
                transitions.change_item(
                    session,
                    entry,
                    RESOLVED,
                    by.id,
                    done,
                    outcome="nothing",
                    first_claimed_at=taken,
                    claimed_by_id=by.id,
                    claimed_at=taken,
                    resolved_by_id=by.id,
                    resolved_at=done,
                )


def _acts(moderator: Viewer, helper: Viewer, group_id: int, posts: list[tuple[int, int]]) -> None:
    """Leave a log to look at, with one action undone and one that waits for a second person."""
    (one, author), (two, _), (three, _), (four, _) = posts[:4]
    kind = "Thank you for writing. Please leave the clinic's name out; the rest can stay."
    moderation.take_action(
        moderator, "hide", one, reason="It gives away who somebody is", message=kind
    )
    moderation.take_action(
        helper, "content_note", two, reason="It may be hard to read", value="hospital"
    )
    hidden = moderation.take_action(helper, "hide", three, reason="It is advertising")
    appeals_undo.undo(
        moderator, hidden.log_entry_id or 0, "It was a link to a choir, not an advertisement"
    )
    moderation.take_action(
        moderator, "warn", author, group_id=group_id, reason="A second time, a clinic's name"
    )
    moderation.take_action(
        moderator, "delete", four, reason="A telephone number, and it was copied"
    )


def _pre_moderate(moderator: Viewer, group_id: int, without: set[int | None]) -> None:
    """Leave a conversation that is looked at first, and a reply that waits for that."""
    found = select(Thread.id).where(Thread.group_id == group_id, Thread.title == HEATED)
    thread_id = current_session().execute(found).scalar_one()
    moderation.take_action(moderator, "review", thread_id, reason="It may get heated")
    threads.post_reply(
        _members(group_id, 1, without)[0],
        thread_id,
        body="Go back on it. I waited eleven months, and I was glad that my name was still there.",
    )


def _answer(by: Viewer, post_id: int) -> None:
    entry = next(one for one in queue_queries.open_items(by) if one.target_id == post_id)
    answer = "Thank you. It was a link to a friend's shop; we have asked them to leave it out."
    queue.resolve(by, entry.id, outcome="spoken", answer=answer)


def _person(handle: str) -> Viewer:
    account_id = current_session().scalar(select(Account.id).where(Account.handle == handle))
    found = accounts.viewer(account_id or 0)
    if found is None:
        raise LookupError(handle)
    return found


def _posts(group_id: int, without: set[int | None]) -> list[tuple[int, int]]:
    """Return id and author of the group's posts, the newest first."""
    found = (
        select(Post.id, Post.author_id)
        .join(Thread, IN_THREAD)
        .where(Thread.group_id == group_id, Post.author_id.not_in(without), Post.number > 1)
        .order_by(Post.created_at.desc(), Post.id)
    )
    return [(row.id, row.author_id) for row in current_session().execute(found)]


def _members(group_id: int, most: int, without: set[int | None]) -> list[Viewer]:
    found = select(Membership.account_id).where(
        Membership.group_id == group_id,
        Membership.role == MEMBER,
        Membership.account_id.not_in(without),
    )
    ids = current_session().scalars(found.order_by(Membership.account_id).limit(most)).all()
    return [viewer for account_id in ids if (viewer := accounts.viewer(account_id))]
