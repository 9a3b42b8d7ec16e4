"""`forum study`: what the operator does about studies."""

from pathlib import Path
from typing import Any

import click


@click.group()
def command() -> None:
    """Look after studies: plan, open, close, list."""


@command.command("create")
@click.argument("slug")
@click.argument("title")
@click.option("--about", required=True, help="What it is for (Markdown).")
@click.option("--run-by", required=True, help="Who runs it.")
@click.option("--ethics", required=True, help="Which board approved it, and the number.")
@click.option("--contact", required=True, help="Where participants can ask.")
@click.option("--group", "groups", multiple=True, required=True, help="A group's slug; repeat it.")
@click.option(
    "--document",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The consent document, a file in Markdown.",
)
def create(slug: str, groups: tuple[str, ...], document: Path, **facts: Any) -> None:
    """Plan the study TITLE at /studies/SLUG."""
    from forum import cli
    from forum.research import service

    with cli.forum_context():
        service.create_study(
            slug,
            group_ids=[cli.group_id(each) for each in groups],
            document=document.read_text(encoding="utf-8"),
            **facts,
        )
    click.echo(f"Planned /studies/{slug}. Nobody is asked before `forum study open {slug}`.")


@command.command("open")
@click.argument("slug")
def open_one(slug: str) -> None:
    """Invite the members of the groups of the study SLUG."""
    from forum import cli
    from forum.research import queries, service

    with cli.forum_context():
        service.open_study(queries.study_id_of(slug))
    click.echo(f"{slug} is open.")


@command.command("close")
@click.argument("slug")
def close(slug: str) -> None:
    """Record no more for the study SLUG."""
    from forum import cli
    from forum.research import queries, service

    with cli.forum_context():
        service.close_study(queries.study_id_of(slug))
    click.echo(f"{slug} is closed.")


@command.command("list")
def list_all() -> None:
    """List all studies: slug, state, how many take part, title."""
    from forum import cli
    from forum.research import queries

    with cli.forum_context():
        for row in queries.studies():
            click.echo(f"{row.slug}\t{row.state}\t{row.participants}\t{row.title}")


@command.command("figures")
@click.argument("slug")
def draw(slug: str) -> None:
    """Draw the figures of the study SLUG for /research/SLUG; once a week is enough."""
    from forum import cli, settings
    from forum.research import looking

    with cli.forum_context():
        begin = looking.draw_figures(settings.from_environment().instance, slug)
    click.echo(f"Drawn at /research/{slug}, in whole weeks from {begin} on.")
