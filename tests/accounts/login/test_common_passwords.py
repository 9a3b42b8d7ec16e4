"""Passwords that others would try first, beyond those that zxcvbn knows."""

import pytest

from forum.accounts.login import common_passwords, passwords
from forum.core.errors import Invalid

COMMON = [
    "correct horse battery staple",
    "Correct-Horse-Battery-Staple!",
    "to be or not to be",
    "The quick brown fox!",
    "schokolade",
    "Schokolade2026",
    "schokolade schokolade",
    "1v7upjw3nt",
    "common thread forum",
    "CommonThread!2026",
    "support group help",
    "one two three four",
    "0ne 7wo 7hree f0ur",
    "let me in please",
    "welcome to the forum",
    "password is password",
    "quiet harbour forum",
    "Quiet_Harbour_2026!",
    "wolfgang the member",
    "my name is wolfgang",
]
GOOD = [
    "violet harbour lantern",
    "wolfgang drinks tea daily",
    "kX9#mmQz71pw",
    "8$kQ!2^x9&7",
    "пароль сирень облако",
    "日本語のパスワードです",
    "meadow 12 blue kettles",
    "a quiet place by the river",
]


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_site_name", "Quiet Harbour")


@pytest.mark.parametrize("password", COMMON)
def test_common_ones_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.checked(password, known=["wolfgang"])


@pytest.mark.parametrize("password", GOOD)
def test_others_are_welcome(password: str) -> None:
    assert passwords.checked(password, known=["wolfgang"]) == password


@pytest.mark.parametrize("password", ["", "1234567890", "!!!!", "\u0301"])
def test_without_letters_there_is_no_word_of_ours(password: str) -> None:
    assert common_passwords.is_common(password, [""]) is (password == "1234567890")
