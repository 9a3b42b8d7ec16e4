"""What comes back of a mail: only a report of a mail server says anything, and only what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forum.core.mail import returned
from forum.core.mail.returned import NO_MAILBOX, NOT_DELIVERED, SPAM, Returned
from tests.support.mail_reports import called_spam, not_delivered

ID = "<17@example.org>"
MAIL = (
    f"From: forum@example.org\r\nMessage-ID: {ID}\r\nTo: fern@example.org\r\n\r\nHello\r\n".encode()
)


@pytest.mark.parametrize(
    ("action", "status", "what"),
    [
        ("failed", "5.1.1", NO_MAILBOX),
        ("Failed", "5.2.1 (account disabled)", NO_MAILBOX),
        ("failed", "5.2.2", NOT_DELIVERED),
        ("failed", "5.7.1", NOT_DELIVERED),
        ("failed", "4.4.7", NOT_DELIVERED),
        ("failed", "", NOT_DELIVERED),
        ("failed", "4.1.1", NOT_DELIVERED),
    ],
)
def test_a_report_of_a_mail_that_was_not_delivered(action: str, status: str, what: str) -> None:
    report = not_delivered(MAIL, action=action, status=status)
    assert returned.read(report) == Returned(ID, what)


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded", ""])
def test_what_is_on_its_way_or_there_is_no_failure(action: str) -> None:
    assert returned.read(not_delivered(MAIL, action=action)) is None


@pytest.mark.parametrize("kind", ["abuse", "Abuse ", "fraud", "opt-out"])
def test_a_report_of_spam(kind: str) -> None:
    assert returned.read(called_spam(MAIL, kind)) == Returned(ID, SPAM)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", ""])
def test_reports_about_something_else(kind: str) -> None:
    assert returned.read(called_spam(MAIL, kind)) is None


def test_the_whole_mail_may_come_back() -> None:
    whole = not_delivered(MAIL).replace(b"text/rfc822-headers", b"message/rfc822")
    assert returned.read(whole) == Returned(ID, NO_MAILBOX)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        MAIL,
        b"Subject: Out of office\nAuto-Submitted: auto-replied\nIn-Reply-To: "
        + ID.encode()
        + b"\n\nI'm away",
        b"Content-Type: multipart/mixed; boundary=C\n\n--C\n" + not_delivered(MAIL) + b"\n--C--\n",
        b"Content-Type: message/rfc822\n\n" + not_delivered(MAIL),
        not_delivered(MAIL).replace(b"multipart/report", b"multipart/mixed"),
        not_delivered(MAIL).replace(b"message/delivery-status", b"text/plain"),
        not_delivered(MAIL.replace(b"Message-ID", b"X-Message-ID")),
        not_delivered(MAIL).replace(b"text/rfc822-headers", b"text/plain"),
        called_spam(MAIL).replace(b"message/feedback-report", b"text/plain"),
        b"Content-Type: multipart/report\n\nno parts",
        b"Content-Type: multipart/report; boundary=\xff\n\n--\xff\n\xff",
    ],
)
def test_any_other_mail_says_nothing(raw: bytes) -> None:
    assert returned.read(raw) is None


def test_mails_within_mails_without_end_do_no_harm() -> None:
    deep = b"".join(
        b"Content-Type: multipart/report; boundary=%d\n\n--%d\n" % (n, n) for n in range(2_000)
    )
    assert returned.read(deep) is None


@given(some.binary(max_size=400), some.integers(0, 900))
def test_nonsense_does_no_harm(junk: bytes, at: int) -> None:
    report = not_delivered(MAIL)
    returned.read(report[:at] + junk + report[at:])
    returned.read(b"Content-Type: multipart/report; boundary=B\n\n--B\n" + junk)
