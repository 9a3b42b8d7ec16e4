"""The worst that somebody may send: hostile texts as long as a post may be, and longer ones."""

LONGEST = 20_000  # characters of a post
LONGEST_MESSAGE = 2_000
SHORT = 60  # characters that a title or a content note may have
TOO_MUCH = 240_000  # bytes, more than any field takes

TEXTS = {
    "held keys": "i want to die" + "e" * 60 + " ",
    "signs about others": "my friend says she wants to kill herself and he will end it too ",
    "combining marks": "a\u0301\u0323\u0327",
    "nested quotations": "> " * 400 + "\n",
    "brackets": "[![",
    "emphasis": "*a **b _c __d ~~",
    "code fences": "`` ` ~~~\n",
    "links": "http://example.org/a?b=(c late.It 8.am ",
    "mentions": "@nobody @",
    "nothing to see": "\u200b\u2060\u00ad",
    "line ends": "\r\u2028\n- 1. \t",
}
LONG_FIELDS = ("body", "about", "private_note", "words", "purpose", "guidelines")
SHORT_FIELDS = (
    "title",
    "name",
    "handle",
    "password",
    "current",
    "new",
    "email",
    "reason",
    "note",
    "message",
    "answer",
    "content_note",
    "resolution",
    "code",
    "agenda",
    "why",
)


def text(kind: str, length: int) -> str:
    """Return so many characters of a kind."""
    unit = TEXTS[kind]
    return (unit * (length // len(unit) + 1))[:length]


def fitting(form: dict[str, str], rule: str) -> dict[str, str]:
    """Return a form with what a route takes: shorter words, or a choice instead of a text."""
    if rule.startswith("/meetings/"):
        form = form | {"body": form.get("body", "")[:LONGEST_MESSAGE]}
    return form | {"reason": "unkind"} if "report" in rule else form


def oversized(field: str) -> dict[str, str]:
    """Return a form with one field that is longer than any may be."""
    unit = "e\u0301\u0323"
    return {field: unit * (TOO_MUCH // len(unit.encode()))}


def _filled(kind: str, *, long: int, short: int) -> dict[str, str]:
    return dict.fromkeys(LONG_FIELDS, text(kind, long)) | dict.fromkeys(
        SHORT_FIELDS, text(kind, short)
    )


# Every text in every field, first as long as fields may be, then longer.
FORMS = {
    kind: _filled(kind, long=LONGEST_MESSAGE // 2, short=SHORT) | {"body": text(kind, LONGEST)}
    for kind in TEXTS
} | {
    "too long everywhere": _filled("combining marks", long=3_000, short=3_000),
    "an endless password": oversized("password"),
    "an endless handle": oversized("handle"),
    "thousands of fields": {f"field{number}": "x" for number in range(20_000)},
}
