"""Sending mail, when the operator has named a mail server.

A password for the mail server only ever leaves this machine encrypted, to a server whose
certificate holds. Answers go to the address in FORUM_MAIL_FROM; the operator hands what comes back
to `forum mail bounces`, and no answer makes the forum send another mail.
"""

from forum.core.mail import returned
from forum.core.mail.addresses import check_sender
from forum.core.mail.configuration import available, check, init, origin, sends_links, site
from forum.core.mail.mailer import Mailer, post, send
from forum.core.mail.message import Letter, build
from forum.core.mail.outcomes import REFUSES_MANY, Delivered, Later, Outcome, Refused, Rejected

__all__ = [
    "REFUSES_MANY",
    "Delivered",
    "Later",
    "Letter",
    "Mailer",
    "Outcome",
    "Refused",
    "Rejected",
    "available",
    "build",
    "check",
    "check_sender",
    "init",
    "origin",
    "post",
    "returned",
    "send",
    "sends_links",
    "site",
]
