"""What can be wrong with one translation, as far as a program can tell."""

import re
from collections import Counter
from collections.abc import Sequence

from babel.messages.catalog import Message

VALUE = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")


def faults_of(message: Message) -> list[str]:
    """Return what is wrong with the translation of a text, in words."""
    singular, *plural = (message.id,) if isinstance(message.id, str) else message.id
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if not forms or not all(forms):
        return ["not translated"]
    if message.fuzzy:
        return ["marked as unsure (fuzzy)"]
    found: list[str] = []
    for form in forms:
        found += _faults(form, [singular, *plural])
    if forms == (singular,) and len(_words(singular)) > 25:
        found.append("still English")
    return list(dict.fromkeys(found))


def _faults(form: str, english: Sequence[str]) -> list[str]:
    values = set(VALUE.findall(form))
    all_values = {name for text in english for name in VALUE.findall(text)}
    needed = set.intersection(*(set(VALUE.findall(text)) for text in english)) - {"count"}
    found = []
    if not needed <= values <= all_values:
        found.append(f"values are {sorted(values)}, not {sorted(all_values)}")
    if "%" in VALUE.sub("", form).replace("%%", "") and all_values:
        found.append("a per cent sign that is not doubled")
    if all(_tags(form) != _tags(text) for text in english):
        found.append(f"tags are {sorted(_tags(form))}, not {sorted(_tags(english[0]))}")
    if "<" in TAG.sub("", form) and not any("<" in TAG.sub("", text) for text in english):
        found.append("a tag that is not closed")
    plain = TAG.sub("", form)
    if any(sign in plain and not any(sign in text for text in english) for sign in ('"', "&")):
        found.append('a straight quotation mark (") or an ampersand')
    if form[:1].isspace() or form[-1:].isspace():
        found.append("white space at its beginning or end")
    return found


def _words(text: str) -> str:
    return VALUE.sub("", TAG.sub("", text)).strip()


def _tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))
