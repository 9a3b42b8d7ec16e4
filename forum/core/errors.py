"""Why something was refused, in words for the person and a code for programs.

Services raise these; each door turns them into its own kind of answer.
"""

from collections.abc import Callable, Mapping
from typing import Any

from forum.core.translation import lazy


class Refusal(Exception):
    """A request that is understood and not granted."""

    status = 400
    code = "refused"
    message = lazy("That couldn't be done.")
    retry_after_s: int | None = None

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = dict(fields or {})
        super().__init__(self.message)

    @property
    def words(self) -> str:
        """What is wrong in one text: what the fields say, or else the message."""
        return " ".join(map(str, self.fields.values())) or str(self.message)

    def as_dict(self) -> dict[str, object]:
        """Return the public shape of an error: code, message, fields."""
        fields = {name: str(wrong) for name, wrong in self.fields.items()}
        return {"code": self.code, "message": str(self.message), "fields": fields}


class Invalid(Refusal):
    """Something in the input needs another look; `fields` says what, field by field."""

    status = 422
    code = "invalid"
    message = lazy("There's a problem with what you entered.")


class LoginNeeded(Refusal):
    """Only for people who are logged in."""

    status = 401
    code = "login_needed"
    message = lazy("Please log in first.")


class Forbidden(Refusal):
    """Known to exist, and not for this person."""

    status = 403
    code = "forbidden"
    message = lazy("This isn't open to you.")


class NotFound(Refusal):
    """Not there, or not for this person to know about."""

    status = 404
    code = "not_found"
    message = lazy("There's nothing here, or it isn't open to you.")


class Gone(Refusal):
    """It was there and worked; its time is over."""

    status = 410
    code = "gone"
    message = lazy("This no longer works.")


class Conflict(Refusal):
    """Somebody else was first, or the state has changed meanwhile."""

    status = 409
    code = "conflict"
    message = lazy("This has changed in the meantime. Please check it again.")


class TooMany(Refusal):
    """A limit was reached; waiting helps."""

    status = 429
    code = "too_many"
    message = lazy(
        "We limit how much can be sent at once. Please wait a little, then try again. If you need "
        "someone now, “Get help now” is always open to you."
    )


class Busy(Refusal):
    """The forum itself cannot do it now; the same request will work in a little while."""

    status = 503
    code = "busy"
    message = lazy("The forum is very busy just now. Please try again in a moment.")
    retry_after_s = 5


class Unavailable(Busy):
    """Something that the forum needs does not work, and the operator has to see to it."""

    code = "unavailable"
    message = lazy(
        "The forum has a problem and can't show or save anything just now. "
        "Please try again in a few minutes."
    )
    retry_after_s = 60


def together(**checks: Callable[[], Any]) -> dict[str, Any]:
    """Return what each check returns. Raises one Invalid with what all of them found."""
    clean: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, check in checks.items():
        try:
            clean[name] = check()
        except Invalid as refusal:
            wrong.update(refusal.fields)
    if wrong:
        raise Invalid(fields=wrong)
    return clean
