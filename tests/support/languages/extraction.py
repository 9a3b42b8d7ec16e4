"""Which texts can be translated: all that stand in the code and in the templates."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from jinja2 import Environment, nodes
from jinja2.parser import Parser

from forum.core.translation import catalogues
from forum.core.web.translated_templates import STRINGS, TransTag

ROOT = Path(__file__).parents[3]
PYTHON: dict[str, Any] = {
    "_": None,
    "lazy": None,
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
}


class Text(NamedTuple):
    """A text, and where it stands."""

    path: str
    line: int
    context: str
    singular: str
    plural: str = ""


class _Recorder(TransTag):
    """Notes what is in `{% trans %}`."""

    def parse(self, parser: Parser) -> Any:
        line, before = parser.stream.current.lineno, len(_of(self.environment))
        found = super().parse(parser)
        texts = _of(self.environment)
        texts[before:] = [text._replace(line=line) for text in texts[before:]]
        return found

    def _make_node(self, singular: str, plural: str | None, context: str | None, *more: Any) -> Any:
        has_values = more[2]
        text = singular if has_values else singular.replace("%%", "%")
        _of(self.environment).append(Text("", 0, context or "", text, plural or ""))
        return super()._make_node(singular, plural, context, *more)


def _of(environment: Environment) -> list[Text]:
    return cast("list[Text]", environment.globals["texts"])


def texts() -> Iterator[Text]:
    """Yield all texts, by file and line."""
    for path in sorted((ROOT / "forum").rglob("*.py")):
        yield from _in_python(path)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from in_template(path.read_text(), str(path.relative_to(ROOT)))


def _in_python(path: Path) -> Iterator[Text]:
    name = str(path.relative_to(ROOT))
    with path.open("rb") as file:
        for line, found, _comments, context in extract("python", file, PYTHON):
            singular, *plural = (found,) if isinstance(found, str) else found
            yield Text(name, line, context or "", singular, *plural)


def in_template(source: str, name: str) -> list[Text]:
    """Return the texts of one template."""
    environment = Environment(extensions=[_Recorder])  # noqa: S701 - nothing is rendered
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals["texts"] = []
    tree = environment.parse(source)
    found = _of(environment) + [
        _called(call) for call in tree.find_all(nodes.Call) if _is_ours(call)
    ]
    return sorted((text._replace(path=name) for text in found), key=lambda text: text.line)


def _is_ours(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in STRINGS


def _called(call: nodes.Call) -> Text:
    assert isinstance(call.node, nodes.Name)
    name = call.node.name
    given = [arg.value for arg in call.args[: STRINGS[name]] if isinstance(arg, nodes.Const)]
    context = given.pop(0) if name in {"pgettext", "npgettext"} else ""
    return Text("", call.lineno, context, *given)


def template() -> Catalog:
    """Return all texts as a catalogue without translations."""
    catalogue = Catalog(project="Common Thread", charset="utf-8", header_comment="#")
    for text in texts():
        message_id = (text.singular, text.plural) if text.plural else text.singular
        catalogue.add(message_id, locations=[(text.path, 0)], context=text.context or None)
    return catalogue


def files() -> dict[str, Path]:
    """Return the file of translations of each language."""
    return {path.stem: path for path in sorted(catalogues.FOLDER.glob("*.po"))}
