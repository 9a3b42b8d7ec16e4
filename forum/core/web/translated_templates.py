"""Templates in one language: constant texts are put into the compiled template.

So a translated page costs what an English one does. `{{ _("…") }}` is plain text, and is escaped
like any other; `{% trans %}` holds HTML, and escapes only the values in it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any, cast

from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Environment as JinjaEnvironment
from jinja2 import TemplateAssertionError, nodes
from jinja2.ext import Extension, InternationalizationExtension
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from forum.core.translation import catalogues, languages, messages

PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|(%))")
CALLS: dict[str, Callable[..., str]] = {
    "_": messages.gettext,
    "pgettext": messages.pgettext,
    "ngettext": messages.ngettext,
    "npgettext": messages.npgettext,
}
PAGE: dict[str, Callable[[str], str]] = {
    "page_language": str,
    "page_direction": languages.direction,
}
STRINGS = {"_": 1, "pgettext": 2, "ngettext": 2, "npgettext": 3}  # come first, as constants


class TransTag(InternationalizationExtension):
    """`{% trans %}`, as the template's parts in the language of its environment."""

    def __init__(self, environment: JinjaEnvironment) -> None:
        Extension.__init__(self, environment)  # theirs would install functions for run time

    def parse(self, parser: Parser) -> Any:
        """Return the tag's parts; a call among its values is kept only where it is counted."""
        found = super().parse(parser)
        if isinstance(found, list) and isinstance(found[1], nodes.Output):
            call, shown = found
            return _Inline(cast("nodes.Assign", call).node).visit(shown)
        return found

    def _make_node(
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: dict[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,
        num_called_num: bool,  # noqa: ARG002 - the library's own signature
    ) -> Any:
        catalogue = catalogues.of(_language(self.environment))
        if plural is None or plural_expr is None:
            message = singular if vars_referenced else singular.replace("%%", "%")
            text = catalogue.get(message, context or "")
            return _output(text, variables) if vars_referenced else _plain(text)
        forms = catalogue.all_forms(singular, plural, context or "")
        given: list[nodes.Expr] = [nodes.Const(singular), plural_expr, nodes.Const(context or "")]
        index = nodes.Call(nodes.EnvironmentAttribute("form_for"), given, [], None, None)
        return _choice(index, [_output(form, variables) for form in forms])


class _Inline(NodeTransformer):
    """Puts an expression in the place of the library's variable for it."""

    def __init__(self, expression: nodes.Node) -> None:
        self.expression = expression

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 - by the node's name
        """Return the expression for that variable, any other name as it is."""
        return self.expression if node.name == "_trans" else node


def _language(environment: JinjaEnvironment) -> str:
    return environment.language if isinstance(environment, Templates) else languages.SOURCE


def _plain(text: str) -> nodes.Output:
    return nodes.Output([nodes.TemplateData(text)])


def _output(text: str, variables: dict[str, nodes.Expr]) -> nodes.Output:
    """Return what shows a text, with each value where the text wants it."""
    return nodes.Output(
        [
            nodes.TemplateData(part.value) if isinstance(part, nodes.Const) else part
            for part in _parts(text, variables)
        ]
    )


def _parts(text: str, values: dict[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    """Yield the words of a text, and each value where the text wants it."""
    end = 0
    for found in PLACEHOLDER.finditer(text):
        yield nodes.Const(text[end : found.start()])
        name = found[1]
        yield values[name] if name else nodes.Const("%")
        end = found.end()
    yield nodes.Const(text[end:])


def _choice(index: nodes.Expr, forms: list[nodes.Output]) -> nodes.If:
    """Return what shows the form whose number `index` gives."""
    cases = [
        nodes.If(nodes.Compare(index, [nodes.Operand("eq", nodes.Const(n))]), [form], [], [])
        for n, form in enumerate(forms[:-1])
    ]
    return nodes.If(cases[0].test, cases[0].body, cases[1:], [forms[-1]])


class _Folding(NodeTransformer):
    """Puts translations in the place of calls like `_("…")`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 - by the node's name
        """Put in which language, and in which direction, the page is written."""
        if node.name in PAGE and node.ctx == "load":
            return nodes.Const(PAGE[node.name](self.language), lineno=node.lineno)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - by the node's name
        """Translate a call without values; let any other call translate in this language."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name not in CALLS:
            return node
        given = [one.value for one in node.args[: STRINGS[name]] if isinstance(one, nodes.Const)]
        if len(given) < STRINGS[name]:
            message = f"{name}() needs its text written out, so that it is in the catalogues"
            raise TemplateAssertionError(message, node.lineno)
        values = {pair.key: pair.value for pair in node.kwargs}
        if all(isinstance(one, nodes.Const) for one in (*node.args, *values.values())):
            known = {key: one.value for key, one in values.items() if isinstance(one, nodes.Const)}
            numbers = [one.value for one in node.args[len(given) :] if isinstance(one, nodes.Const)]
            return nodes.Const(self._translate(name, (*given, *numbers), known), lineno=node.lineno)
        if len(node.args) == len(given):
            parts = [*_parts(self._translate(name, given, {}), values)]
            return nodes.Concat(parts, lineno=node.lineno)
        node.node = nodes.EnvironmentAttribute(CALLS[name].__name__, lineno=node.lineno)
        return node

    def _translate(self, name: str, given: Iterable[Any], values: dict[str, Any]) -> str:
        with languages.using(self.language):
            return CALLS[name](*given, **values)


class Templates(Environment):
    """Templates in one language, which is a part of their compiled code.

    Their globals are one plain dictionary, not a chain that each import compares.
    """

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.add_extension(TransTag)
        self.policies["ext.i18n.trimmed"] = True
        self._by_language: dict[str, Templates] = {languages.SOURCE: self}
        self._speak(languages.SOURCE)

    def in_language(self, language: str) -> "Templates":
        """Return the same templates in another language, with the same globals and filters."""
        if language not in self._by_language:
            made = self.overlay()
            made._speak(language)  # noqa: SLF001 - another one of this class
            self._by_language[language] = made
        return self._by_language[language]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what all templates know, with `d` before it if there is such a thing."""
        return super().make_globals(d) if d else self.globals

    def _speak(self, language: str) -> None:
        self.language = language
        self.form_for = catalogues.of(language).form_for
        for translate in CALLS.values():
            setattr(self, translate.__name__, languages.in_language(language, translate))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return cast("nodes.Template", _Folding(self.language).visit(tree))
