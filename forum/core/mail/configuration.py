"""What the operator has set about mail, for this process."""

from dataclasses import dataclass

from forum.core.mail import server
from forum.core.mail.addresses import ascii_origin, check_sender
from forum.core.mail.server import MailServer


@dataclass(frozen=True)
class Configuration:
    """Through which server mail is sent, by whom, and where links in it lead."""

    url: str = ""
    sender: str = ""
    site: str = ""
    origin: str = ""

    @property
    def server(self) -> MailServer:
        """The mail server. Raises BadSettings."""
        return server.from_url(self.url)


_now = Configuration()


def init(url: str, sender: str, site: str = "", origins: tuple[str, ...] = ()) -> None:
    """Use this mail server from now on; an empty address means that no mail is sent."""
    global _now
    _now = Configuration(url, sender, site, ascii_origin(origins[0]) if origins else "")


def check(url: str, sender: str) -> None:
    """Raise BadSettings if no mail could ever be sent with these settings."""
    if url:
        server.from_url(url)
        check_sender(sender)


def current() -> Configuration:
    """Return what is set."""
    return _now


def available() -> bool:
    """Whether mail can be sent at all."""
    return bool(_now.url)


def sends_links() -> bool:
    """Whether mail can be sent that leads to the forum, by whoever sends it: its address is set."""
    return bool(_now.url and _now.origin)


def origin() -> str:
    """Return the forum's address for links in mails; "" where it is not set."""
    return _now.origin


def site() -> str:
    """Return the forum's name."""
    return _now.site
