"""The people in the tests of threads: a group, three people in it, and a thread of one."""

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.threads import service
from forum.threads.models import Post, Thread
from forum.threads.posts.post_creation import PostRef
from tests.support import factories


@pytest.fixture
def group(app: Flask) -> int:
    """Return an open group."""
    return factories.group()


@pytest.fixture
def wren(group: int) -> Viewer:
    """Return a member."""
    return factories.join(factories.person("wren"), group)


@pytest.fixture
def robin(group: int) -> Viewer:
    """Return another member."""
    return factories.join(factories.person("robin"), group)


@pytest.fixture
def owl(group: int) -> Viewer:
    """Return a facilitator."""
    return factories.join(factories.person("snowyowl"), group, "facilitator")


@pytest.fixture
def opening(wren: Viewer, robin: Viewer, owl: Viewer, group: int) -> PostRef:
    """Return the first post of a thread that wren started, when the others were members already."""
    return service.start_thread(wren, group, title="Mornings", body="They are the worst.")


def post(post_id: int) -> Post:
    """Return a post's row as it is now."""
    db.release_session()
    return db.current_session().get_one(Post, post_id)


def thread(thread_id: int) -> Thread:
    """Return a thread's row as it is now."""
    db.release_session()
    return db.current_session().get_one(Thread, thread_id)
