"""A mail: plain text, and the same as simple HTML that needs nothing from elsewhere."""

import html
from dataclasses import dataclass
from email import policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from forum.core import clock, ids
from forum.core.mail.addresses import parsed_sender, with_ascii_domain
from forum.core.translation import languages

_PAGE = """\
<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 1em auto; \
padding: 0 1em">
{paragraphs}
</body>
</html>
"""


class _InOnePiece(UnstructuredHeader, BaseHeader):
    """A header of which no line is folded: the library would write a long address in code words."""

    def fold(self, *, policy: policy.Policy) -> str:
        """Return its one line."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _InOnePiece)
_HEADERS.map_to_type("Message-ID", _InOnePiece)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the language of this job.

    `key` stays the same when it is sent again, so a mailbox knows it as the same mail. `token` is
    part of its Message-ID, and tells the forum whose mail it was when it comes back. `link` is
    an address and the words that lead to it. `footer` is smaller. `unsubscribe` is the address at
    which one click ends such mails (RFC 8058).
    """

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    key: str = ""
    token: str = ""
    link: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    unsubscribe: str = ""


def build(letter: Letter, sender: str, secret: str = "") -> EmailMessage:
    """Return a letter as it is sent. Raises ValueError for what no header can hold."""
    message, from_ = EmailMessage(policy=_POLICY), parsed_sender(sender)
    message["From"] = from_
    message["To"], message["Subject"] = with_ascii_domain(letter.to), letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = _message_id(letter, from_.domain, secret)
    message["Auto-Submitted"] = "auto-generated"  # so nobody's holiday notice answers it
    message["X-Auto-Response-Suppress"] = "All"  # the same, as Exchange calls it
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_as_text(letter))
    if letter.link:
        message.add_alternative(_as_html(letter), subtype="html")
    message["Content-Language"] = languages.current()
    return message


def _message_id(letter: Letter, domain: str, secret: str) -> str:
    if not letter.key:
        return make_msgid(domain=domain)
    own = ids.keyed_digest(f"mail {letter.key}", secret)[:40]
    return f"<{own}.{letter.token}@{domain}>" if letter.token else f"<{own}@{domain}>"


def _as_text(letter: Letter) -> str:
    link = (f"{letter.link[1]}:\n{letter.link[0]}",) if letter.link else ()
    words = "\n\n".join((*letter.paragraphs, *link))
    # What mail programs know as the signature begins with "-- ".
    return f"{words}\n\n-- \n" + "\n".join(letter.footer) + "\n" if letter.footer else f"{words}\n"


def _as_html(letter: Letter) -> str:
    parts = [f"<p>{html.escape(words)}</p>" for words in letter.paragraphs]
    if letter.link:
        address, words = map(html.escape, letter.link)
        parts.append(f'<p><a href="{address}">{words}</a></p>')
    parts += [f'<p style="font-size: small">{_linked(words)}</p>' for words in letter.footer]
    language = languages.current()
    return _PAGE.format(
        language=language,
        direction=languages.direction(language),
        subject=html.escape(letter.subject),
        paragraphs="\n".join(parts),
    )


def _linked(words: str) -> str:
    """Return words of a footer, which may end with an address."""
    before, space, last = words.rpartition(" ")
    if not last.startswith(("https://", "http://")):
        return html.escape(words)
    address = html.escape(last)
    return f'{html.escape(before)}{space}<a href="{address}">{address}</a>'
