"""Handing mails to the mail server, one after the other on one line."""

import smtplib

import structlog

from forum.core.mail import configuration, connection, outcomes
from forum.core.mail.connection import ALL_WITHIN_S, Line
from forum.core.mail.message import Letter, build
from forum.core.mail.outcomes import Delivered, Later, Outcome, Refused
from forum.settings.values import BadSettings

log = structlog.get_logger()
_PROBLEMS = (OSError, smtplib.SMTPException, ValueError, BadSettings)


class Mailer:
    """Keeps its line open from one mail to the next, until it `rest`s. For one at a time."""

    def __init__(self) -> None:
        self._line: Line | None = None
        self._of = configuration.Configuration()

    def deliver(self, letter: Letter, secret: str = "") -> Outcome:
        """Hand over one letter, and return what came of it; takes half a minute at the most."""
        set_up, line = configuration.current(), None
        try:
            message = build(letter, set_up.sender, secret)
            line = self._open_line(set_up)
            sender = message["From"].addresses[0].addr_spec
            if not line.has_extn("smtputf8"):
                if not sender.isascii():
                    return Later(outcomes.LETTERS_OF_SENDER, for_all=True)
                if not message["To"].isascii():
                    return Refused(outcomes.OTHER_LETTERS)
            with line.cut_after(ALL_WITHIN_S):
                line.send_message(message)
        except _PROBLEMS as problem:
            at_recipient = line is not None and line.at_recipient
            outcome = outcomes.of(problem, at_recipient=at_recipient)
            if isinstance(outcome, Later) and (outcome.for_all or outcome.maybe_for_all):
                self.drop()
            return outcome
        return Delivered()

    def reach(self) -> Outcome:
        """Return whether the mail server can be reached and lets the forum in; send nothing."""
        try:
            self._open_line(configuration.current())
        except _PROBLEMS as problem:
            return outcomes.of(problem)
        return Delivered()

    def rest(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.hang_up()
            self._line = None

    def drop(self) -> None:
        """Let go of a line on which nothing gets through."""
        if self._line is not None:
            self._line.drop()
            self._line = None

    def _open_line(self, set_up: configuration.Configuration) -> Line:
        if self._line is not None and self._of == set_up and self._answers(self._line):
            return self._line
        self.drop()
        line = Line(set_up.server)
        try:
            with line.cut_after(ALL_WITHIN_S):
                line.open()
        except BaseException:
            line.drop()
            raise
        self._line, self._of = line, set_up
        return line

    @staticmethod
    def _answers(line: Line) -> bool:
        """Whether the line still holds: servers hang up on who says nothing for a while."""
        try:
            with line.cut_after(connection.WITHIN_S):
                return line.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False


def send(to: str, subject: str, words: str) -> None:
    """Send one plain mail; a failure is logged, without whom it was for, and not raised."""
    post(Letter(to=to, subject=subject, paragraphs=(words.rstrip("\n"),)))


def post(letter: Letter) -> None:
    """Send one letter; a failure is logged, without whom it was for, and not raised."""
    if not configuration.available():
        return
    mailer = Mailer()
    outcome = mailer.deliver(letter)
    mailer.rest()
    if not isinstance(outcome, Delivered):
        log.error("mail_not_sent", reason=outcome.reason)
