"""`forum instrument`: the questionnaires that there are, what they ask, and how they score."""

from pathlib import Path

import click

from forum.research.instruments import definition as parts
from forum.research.instruments import registry, scoring
from forum.research.instruments.definition import BadInstrument, Instrument


@click.group()
def command() -> None:
    """List, read, check and score questionnaires.

    docs/outcomes.md says what each number means, and who may use which instrument.
    """


@command.command("list")
def list_all() -> None:
    """List all instruments: id, title, items, and whether people can be asked."""
    for one in _all().values():
        ready = "" if one.has_words else "\tscoring only: its words need permission"
        click.echo(f"{one.id}\t{one.title}\t{len(one.items)} items{ready}")


@command.command("show")
@click.argument("name", metavar="ID")
def show(name: str) -> None:
    """Print the instrument ID: its items and answers, its rules, and its licence."""
    one = _named(name)
    click.echo(f"{one.title}, version {one.version}: {one.about}, {one.recall}")
    if one.instruction:
        click.echo(one.instruction)
    for item in one.items:
        marks = [name for name, yes in _marks(item) if yes]
        told = f" ({', '.join(marks)})" if marks else ""
        click.echo(f"{item.id}. {item.stem}{told}".rstrip())
        for answer in item.answers:
            click.echo(f"   {answer.value}  {answer.label}".rstrip())
    for line in _rules(one):
        click.echo(line)


@command.command("check")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(path: Path) -> None:
    """Check the file PATH that gives words to an instrument, before you put it in place.

    Its place is instruments/ID.toml in FORUM_INSTANCE. Status 1 with the reason if it can't be
    used.
    """
    try:
        one = registry.with_words(path)
    except BadInstrument as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{one.title} has all its words; {one.content_hash[:12]}.")


@command.command("score")
@click.argument("name", metavar="ID")
@click.argument("answers", nargs=-1, required=True)
def score(name: str, answers: tuple[str, ...]) -> None:
    """Score ANSWERS, one number for each item of the instrument ID in order, - for a missing one.

    Answers that call for help at once are named. Nothing is stored.
    """
    one = _named(name)
    if len(answers) != len(one.items):
        raise click.ClickException(f"{one.title} has {len(one.items)} items. Give as many answers.")
    given = {item.id: _number(each) for item, each in zip(one.items, answers, strict=True)}
    try:
        found = scoring.score(one, given)
    except ValueError as problem:
        raise click.ClickException(f"{problem}.") from problem
    if found.value is None:
        click.echo(f"No score: {found.missing} of {found.answered + found.missing} are missing.")
    else:
        named = scoring.band(one, found.value)
        click.echo(f"{found.value:g}{' ' + named if named else ''}")
        for part, value in found.subscales.items():
            click.echo(f"{part}\t{'none' if value is None else format(value, 'g')}")
    for item_id in scoring.danger_answers(one, given):
        click.echo(f"Item {item_id} calls for help at once.")


def _all() -> dict[str, Instrument]:
    from forum.settings.environment import from_environment

    try:
        return dict(registry.instruments(from_environment().instance))
    except BadInstrument as problem:
        raise click.ClickException(str(problem)) from problem


def _named(name: str) -> Instrument:
    found = _all().get(name)
    if found is None:
        raise click.ClickException(f"There is no instrument “{name}”; see forum instrument list.")
    return found


def _number(typed: str) -> int | None:
    if typed == "-":
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise click.ClickException(
            f"“{typed}” is no answer. Give a number, or - for a missing one."
        )
    return int(typed)


def _marks(item: parts.Item) -> list[tuple[str, bool]]:
    return [
        ("reversed", item.is_reversed),
        ("not scored", not item.is_scored),
        ("in one's own words", item.words),
        (f"calls for help from {item.danger_from} on", item.danger_from is not None),
    ]


def _rules(one: Instrument) -> list[str]:
    lines = []
    if one.scale:
        lines.append(
            f"Score: {one.scale.method} of the scored items, {one.scale.lowest:g} to "
            f"{one.scale.highest:g}; up to {one.scale.most_missing} may be missing."
        )
    if one.bands:
        lines.append("Bands: " + ", ".join(f"{b.lowest:g} {b.label}" for b in one.bands) + ".")
    if one.change and one.change.reliable:
        lines.append(f"Reliable change: {one.change.reliable:.4g} ({one.change.source}).")
    if one.change and one.change.important:
        lines.append(f"Important change: {one.change.important:g} ({one.change.source}).")
    notice = f" {one.licence.notice}" if one.licence.notice else ""
    return [*lines, f"Source: {one.source}", f"Licence: {one.licence.text}{notice}"]
