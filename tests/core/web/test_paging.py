"""Lists that somebody can make long come a page at a time, and all of them are on some page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from forum.accounts.models import Account, AccountRelationship, LoginSession
from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.groups.models import Invitation
from forum.threads.reader.models import Bookmark
from tests.support import factories as make
from tests.support.worlds.many_posts import many_posts

MANY = 60


def mutes(me: Viewer) -> str:
    """Let somebody mute many."""
    now = clock.now()
    people = [
        {
            "handle": f"fern{n:02}",
            "handle_key": f"fern{n:02}",
            "handle_sort": f"fern{n:02}",
            "password_hash": "",
            "created_at": now,
        }
        for n in range(MANY)
    ]
    with db.transaction() as session:
        session.execute(insert(Account), people)
        ids = session.scalars(select(Account.id).where(Account.handle.startswith("fern"))).all()
        row = {"viewer_id": me.id, "kind": "mute", "created_at": now}
        session.execute(insert(AccountRelationship), [{**row, "other_id": other} for other in ids])
    return "/account/people"


def sessions(me: Viewer) -> str:
    """Let somebody be logged in at many places."""
    row = {"account_id": me.id, "created_at": clock.now(), "seen_at": clock.now()}
    with db.transaction() as session:
        session.execute(
            insert(LoginSession),
            [{**row, "token_digest": f"{n}", "device": f"Phone {n}"} for n in range(MANY - 1)],
        )
    return "/account/sessions"


def invitations(me: Viewer) -> str:
    """Let somebody make many invitations."""
    group = make.group(slug="here")
    make.join(me, group, "moderator")
    row = {
        "group_id": group,
        "made_by_id": me.id,
        "uses_left": 1,
        "created_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=1),
    }
    with db.transaction() as session:
        session.execute(insert(Invitation), [{**row, "digest": f"{n}"} for n in range(MANY)])
    return "/groups/here/invitations"


def bookmarks(me: Viewer) -> str:
    """Let somebody keep many posts."""
    group = make.group()
    make.join(me, group)
    posts = many_posts(make.thread(me, group).thread_id, me, MANY)
    row = {"account_id": me.id, "created_at": clock.now()}
    with db.transaction() as session:
        session.execute(insert(Bookmark), [{**row, "post_id": post} for post in posts])
    return "/bookmarks"


@pytest.mark.parametrize(
    ("fill", "each", "a_page"),
    [
        (mutes, 'aria-label="Unmute ', 50),
        (sessions, 'aria-label="Log out of ', 50),
        (invitations, 'aria-label="Withdraw invitation ', 50),
        (bookmarks, "Remove the bookmark", 20),
    ],
)
def test_a_long_list_comes_in_pages(
    app: Flask, fill: Callable[[Viewer], str], each: str, a_page: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    path = fill(make.log_in(client, make.person()))

    def shown(page: int) -> int:
        return client.get(f"{path}?page={page}").text.count(each)

    last = -(-MANY // a_page)
    assert [shown(page) for page in range(1, last + 1)] == [a_page] * (last - 1) + [
        MANY - a_page * (last - 1)
    ]
    assert shown(last + 1) == shown(last)
    assert f'href="{path}?page=2"' in client.get(path).text
