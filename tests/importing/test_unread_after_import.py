"""What an import brings is new to nobody: they have known it for as long as they were there."""

from flask import Flask

from forum.accounts import queries as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.groups import queries as groups
from forum.home import queries
from forum.threads.lists import thread_lists
from tests.support import factories as make
from tests.support.importing.import_lines import PEOPLE, SAID, load


def _member(handle: str) -> Viewer:
    found = accounts.viewer(accounts.account_id_of(handle) or 0)
    assert found
    return found


def test_only_what_is_said_afterwards_is_new_to_members_who_were_brought(app: Flask) -> None:
    load([*PEOPLE, *SAID])
    osier, brindle = _member("osier"), _member("brindle")
    db.release_session()
    home = queries.member_home(osier)
    assert (home.unread, home.new, home.excerpts) == ({}, [], {})
    (group, *_) = home.groups
    (row,) = thread_lists.threads_of(osier, group.id, 1)
    assert not row.unread
    assert not row.unopened
    make.post(brindle, row.id)
    db.release_session()
    assert queries.member_home(osier).unread == {group.id: 1}
    (row,) = thread_lists.threads_of(osier, group.id, 1)
    assert row.unread == 1
    assert groups.group_by_id(osier, group.id).belongs
