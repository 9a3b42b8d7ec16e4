"""Who a post names with @, and how a name is taken out of posts again."""

import re
from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts import handles
from forum.accounts.models import Account
from forum.core import text
from forum.groups.models import Membership
from forum.threads.models import Mention, Post, PostRevision

NAMES_MAX = 20


def members_named(session: Session, group_id: int, body: str) -> dict[str, int]:
    """Return which of a text's @names are members of the group, as folded name to account id."""
    names = sorted(text.mentioned(body))[:NAMES_MAX]
    if not names:
        return {}
    rows = session.execute(
        select(Account.handle, Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.group_id == group_id,
            Account.handle_key.in_([handles.fold(name) for name in names]),
        )
    )
    found = {handle.casefold(): account_id for handle, account_id in rows}
    return {name: found[name] for name in names if name in found}


def note(session: Session, post_id: int, named: Mapping[str, int]) -> None:
    """Remember whom a post names, also when a later edit names them no more."""
    if named:
        known = set(session.scalars(select(Mention.account_id).where(Mention.post_id == post_id)))
        session.add_all(
            Mention(post_id=post_id, account_id=account_id, name=name)
            for name, account_id in named.items()
            if account_id not in known
        )
        session.flush()


def posts_naming(session: Session, account_id: int) -> list[tuple[int, int]]:
    """Return (post id, thread id) of every post that names this account, or ever did."""
    rows = session.execute(
        select(Post.id, Post.thread_id)
        .join(Mention, Mention.post_id == Post.id)
        .where(Mention.account_id == account_id)
        .order_by(Post.id)
    )
    return [(post_id, thread_id) for post_id, thread_id in rows]


def rename(session: Session, post_id: int, account_id: int, new: str | None) -> dict[str, str]:
    """Name an account differently (None: "a former member") in a post and all its history.

    Returns the post's new columns; the caller stamps them with a version.
    """
    mention = session.get_one(Mention, (post_id, account_id))
    replaced = re.compile(rf"@{re.escape(mention.name)}(?![\w-])", re.IGNORECASE)
    words = f"@{new}" if new else "a former member"
    for revision in session.scalars(select(PostRevision).where(PostRevision.post_id == post_id)):
        revision.body = replaced.sub(words, revision.body)
    if new:
        mention.name = new.casefold()
        session.flush()
    else:
        session.delete(mention)
        session.flush()
    named = {
        other.name: other.account_id
        for other in session.scalars(select(Mention).where(Mention.post_id == post_id))
    }
    body = replaced.sub(words, session.scalars(select(Post.body).where(Post.id == post_id)).one())
    return {"body": body, "html": text.render(body, named)}


def forget(session: Session, post_id: int) -> None:
    """Take the words out of a post's history as well."""
    session.execute(
        update(PostRevision)
        .where(PostRevision.post_id == post_id)
        .values(body="", content_note="")
        .execution_options(synchronize_session=False)
    )
