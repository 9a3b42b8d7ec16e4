"""Somebody who has left for good is named in the language of whoever reads."""

import pytest
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.former_member import in_words_of_others
from forum.accounts.models import Account
from forum.core import db
from forum.core.translation import languages, using
from tests.support import factories as make


@pytest.mark.usefixtures("app")
def test_a_closed_account_has_a_name_in_each_language() -> None:
    person = make.person()
    accounts.close(person.id or 0)
    handle = select(Account.handle).where(Account.id == person.id)
    for language, name in (("en", "a former member"), ("de", "ein ehemaliges Mitglied")):
        with using(language):
            assert db.current_session().scalar(handle) == name


def test_words_of_others_say_it_in_the_forums_own_language() -> None:
    languages.speak_by_default("es")
    try:
        with using("de"):
            assert in_words_of_others() == "alguien que fue miembro"
    finally:
        languages.speak_by_default(languages.SOURCE)
