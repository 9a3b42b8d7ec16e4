"""Naming somebody by their new handle wherever others have named them, as a background job."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.accounts.events import HandleChanged
from forum.accounts.former_member import FORMER_MEMBER
from forum.accounts.models import Account
from forum.core import clock
from forum.core.background.jobs import queue
from forum.core.background.jobs.job_types import JobType, Stage, StepDone, Steps, Task
from forum.core.db import transaction
from forum.core.events import announce
from forum.threads.events import PostChanged
from forum.threads.models import Mention, Thread
from forum.threads.posts import mentions, post_changes


def queue_rename(event: HandleChanged) -> None:
    """Ask for the posts that name somebody to be changed."""
    with transaction() as session:
        queue.enqueue(session, KIND.name, event.account_id)


def _rename_in_next_post(session: Session, task: Task) -> Steps:
    """Change one post, by the handle that somebody has by now; none of an account that is closed.

    One in each transaction: so threads need no order. The thread is locked before the person, as a
    reply there does.
    """
    account_id, last = task.subject_id, task.after[0] if task.after else 0
    handle = select(Account.handle).where(Account.id == account_id, Account.handle != FORMER_MEMBER)
    while found := mentions.next_post_mentioning(session, account_id, after=last):
        post_id, thread_id = found
        session.execute(select(Thread.id).where(Thread.id == thread_id).with_for_update())
        if mentions.next_post_mentioning(session, account_id, after=last) != found:
            continue  # it has come to another thread just now
        new = session.scalar(handle.with_for_update(read=True, key_share=True))
        if new is not None:
            told = new if mentions.may_reveal_handle(session, post_id, account_id) else None
            changes = mentions.rename_mentioned(session, post_id, account_id, told)
            post_changes.stamp_post(session, post_id, thread_id, **changes)
            announce(PostChanged(post_id, thread_id, None, "renamed", clock.now()))
            yield StepDone(1, (post_id,))
        return


def _count(session: Session, task: Task) -> int:
    named = select(func.count()).where(Mention.account_id == task.subject_id)
    return session.scalars(named).one()


KIND = JobType(
    "rename_mentions", (Stage("Changing where others named you", _rename_in_next_post, _count),)
)
