"""Who a post names with @, and how a name is taken out of posts again."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts import queries
from forum.accounts.former_member import in_words_of_others
from forum.accounts.identity import handles
from forum.accounts.models import Account
from forum.accounts.policy import row_exists
from forum.core import text
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.threads.models import Mention, Post, PostRevision, Thread
from forum.threads.queries import POSTS

MENTIONS_MAX = 50


@dataclass(frozen=True)
class Mentioned:
    """Whom a text names, by folded name: everyone, and the people whom it calls (`text.called`).

    Only members of its group are called, that is notified; the others are noted too, so their name
    can be taken out when they erase themselves.
    """

    everyone: dict[str, int]
    members: dict[str, int]


def find_mentioned(session: Session, group_id: int, body: str) -> Mentioned:
    """Return whom a text names. Raises Invalid when it names too many."""
    names, called = text.mentioned(body), text.called(body)
    if len(names) > MENTIONS_MAX:
        raise Invalid(
            fields={
                "body": _("You can mention up to %(most)s people in one post.", most=MENTIONS_MAX)
            }
        )
    if not names:
        return Mentioned({}, {})
    possible = {name: [name, *text.beginnings(name)] for name in names}
    rows = session.execute(
        select(Account.handle, Account.id, Membership.group_id)
        .outerjoin(
            Membership,
            and_(Membership.account_id == Account.id, Membership.group_id == group_id),
        )
        .where(Account.handle_key.in_({handles.fold(one) for one in chain(*possible.values())}))
    ).all()
    found = {text.folded(row.handle): row for row in rows}
    # Where words run on, the longest handle that a name begins with is meant.
    meant = {name: next(filter(found.__contains__, some), "") for name, some in possible.items()}
    return Mentioned(
        {name: found[name].id for name in meant.values() if name},
        {
            meant[name]: found[meant[name]].id
            for name in called
            if meant.get(name) and found[meant[name]].group_id
        },
    )


def record_mentioned(session: Session, post_id: int, group_id: int, body: str) -> Mentioned:
    """Return whom a post names, and remember it also when a later edit names them no more.

    Raises Invalid when it names too many.
    """
    mentioned = find_mentioned(session, group_id, body)
    if mentioned.everyone:
        known = set(session.scalars(select(Mention.account_id).where(Mention.post_id == post_id)))
        session.add_all(
            Mention(post_id=post_id, account_id=account_id, name=name)
            for name, account_id in mentioned.everyone.items()
            if account_id not in known
        )
        session.flush()
    return mentioned


def next_post_mentioning(
    session: Session, account_id: int, *, after: int
) -> tuple[int, int] | None:
    """Return (post id, thread id) of the next post that names this account, or ever did."""
    row = session.execute(
        select(Post.id, Post.thread_id)
        .join(Mention, Mention.post_id == Post.id)
        .where(Mention.account_id == account_id, Post.id > after)
        .order_by(Post.id)
        .limit(1)
    ).first()
    return (row.id, row.thread_id) if row else None


def may_reveal_handle(session: Session, post_id: int, account_id: int) -> bool:
    """Whether a post that names somebody may say what they are called now.

    It may where they are known: in groups where they are a member, or have written. Else naming
    people would be a way to learn the next handle of anybody; and never in what somebody wrote whom
    they have blocked.
    """
    said, where = aliased(Post), aliased(Thread)
    in_group = row_exists(where, where.id == said.thread_id, where.group_id == Group.id)
    wrote = row_exists(said, said.author_id == account_id, in_group)
    found = POSTS.with_only_columns(Post.id).where(
        Post.id == post_id,
        or_(groups.is_member(literal(account_id)), wrote),
        groups.is_not_blocked_by(Post.author_id, literal(account_id)),
    )
    return session.execute(found).first() is not None


def rename_mentioned(
    session: Session, post_id: int, account_id: int, new: str | None
) -> dict[str, Any]:
    """Name an account differently (None: "a former member") in a post and all its history.

    Returns the post's new columns; the caller stamps them with a version.
    """
    mention = session.get_one(Mention, (post_id, account_id))
    old, words = mention.name, f"@{new}" if new else in_words_of_others()
    others = queries.longer_handles(session, old)
    for revision in session.scalars(select(PostRevision).where(PostRevision.post_id == post_id)):
        revision.body = text.renamed(revision.body, old, words, others)
    if new:
        mention.name = text.folded(new)
    else:
        session.delete(mention)
    session.flush()
    body = text.renamed(
        session.scalars(select(Post.body).where(Post.id == post_id)).one(), old, words, others
    )
    return {
        "body": body,
        "html": text.render(body, mentions=True),
        "renderer": text.RENDERER_VERSION,
    }
