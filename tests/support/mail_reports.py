"""Mails that mail servers send about ours: not delivered (RFC 3464), called spam (RFC 5965)."""


def headers_of(raw: bytes) -> bytes:
    """Return the headers of a mail as reports hold them."""
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"


def not_delivered(
    original: bytes, *, action: str = "failed", status: str = "5.1.1", to: str = "fern@example.org"
) -> bytes:
    """Return what Postfix says of a mail that it could not deliver."""
    said = f"""\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: forum@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered to {to}

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue, 01 Dec 2026 05:00:00 +0000

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} says the other side

--B
Content-Type: text/rfc822-headers

"""
    return said.encode() + headers_of(original) + b"\n--B--\n"


def called_spam(original: bytes, kind: str = "abuse") -> bytes:
    """Return what a provider says of a mail whose reader called it spam."""
    said = f"""\
From: staff@mailbox.example
To: forum@example.org
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is a report about a mail from you.

--B
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Reporter/1.0
Version: 1

--B
Content-Type: message/rfc822

"""
    return said.encode() + original.replace(b"\r\n", b"\n") + b"\n--B--\n"
