"""Two who choose handles that look alike in the same moment: only one of them gets theirs."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import service
from forum.accounts.models import Account
from forum.core import db
from forum.core.errors import Invalid
from tests.support import factories as make


def create(handle: str) -> Callable[[], object]:
    return lambda: service.create_account(handle)


def change(handle: str) -> Callable[[], object]:
    somebody = make.person()
    db.release_session()
    return lambda: service.change_handle(somebody, handle)


@pytest.mark.parametrize(("one", "other"), [("zoe", "zoë"), ("quiet_ant", "quiet4nt")])
@pytest.mark.parametrize("first", [create, change])
@pytest.mark.parametrize("second", [create, change])
def test_of_two_look_alikes_one_is_refused(
    app: Flask,
    one: str,
    other: str,
    first: Callable[[str], Callable[[], object]],
    second: Callable[[str], Callable[[], object]],
) -> None:
    begin, follow = first(one), second(other)
    chosen, refused = Event(), list[Invalid]()

    def come_second() -> None:
        chosen.wait()
        try:
            follow()
        except Invalid as refusal:
            refused.append(refusal)
        finally:
            db.release_session()

    twin = Thread(target=come_second)
    twin.start()
    with db.transaction():
        begin()
        chosen.set()
        twin.join(0.2)  # it waits for what is decided here, or goes on as if nothing were
    twin.join()
    assert [refusal.fields for refusal in refused] == [{"handle": service.TAKEN}]
    taken = db.current_session().scalars(
        select(Account.handle).where(Account.handle.in_([one, other]))
    )
    assert taken.all() == [one]
