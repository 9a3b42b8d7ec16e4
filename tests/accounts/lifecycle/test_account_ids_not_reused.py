"""No account gets the number of one that was erased."""

from flask import Flask

from forum.accounts import service
from forum.accounts.identity import public_ids
from forum.core import db

GOOD = "violet harbour lantern"


def _sign_up(handle: str) -> int:
    db.release_session()
    return service.sign_up(handle, GOOD, accept_guidelines=True).account_id


def _erase(account_id: int) -> None:
    db.release_session()
    service.erase(account_id)


def test_the_newest_ones_number_is_not_given_again(app: Flask) -> None:
    first, second = _sign_up("fern"), _sign_up("moss")
    old = public_ids.of(second)
    _erase(second)
    _erase(first)
    third = _sign_up("reed")
    assert third > second
    assert public_ids.of(third) != old
    assert public_ids.id_of(public_ids.of(third)) == third
    fourth = _sign_up("sorrel")
    _erase(third)
    _erase(fourth)
    assert _sign_up("tansy") > fourth
