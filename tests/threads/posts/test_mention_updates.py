"""Posts that name somebody follow their new handle, and not that of an account that is closed."""

from flask import Flask
from sqlalchemy import update

from forum.accounts import service
from forum.accounts.former_member import FORMER_MEMBER
from forum.accounts.models import Account
from forum.core.background.jobs import queue, runner
from forum.core.db import current_session, release_session, transaction
from forum.threads.models import Post
from forum.threads.posts import mention_updates
from tests.support import factories as make


def words_of(post_id: int) -> str:
    release_session()
    return current_session().get_one(Post, post_id).body


def test_whoever_is_gone_before_their_turn_is_not_named_anew(app: Flask) -> None:
    group = make.group()
    author, named, other = (make.join(make.person(), group) for _ in range(3))
    thread = make.thread(author, group).thread_id
    post = make.post(author, thread, body=f"@{named.handle} and @{other.handle}").id
    service.change_handle(other, "bracken")
    with transaction() as session:
        session.execute(update(Account).where(Account.id == named.id).values(handle=FORMER_MEMBER))
        queue.enqueue(session, mention_updates.KIND.name, named.id or 0)
    runner.run()
    assert words_of(post) == f"@{named.handle} and @bracken"
