"""`forum study`: what the operator does about studies."""

from pathlib import Path
from typing import Any

import click


@click.group()
def command() -> None:
    """Manage studies: plan, open, close, list."""


@command.command("create")
@click.argument("slug")
@click.argument("title")
@click.option("--about", required=True, help="What it is for (Markdown).")
@click.option("--run-by", required=True, help="Who runs it.")
@click.option("--ethics", required=True, help="Which board approved it, and the number.")
@click.option("--contact", required=True, help="Where participants can ask.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    required=True,
    help="The slug of a group; repeat for more groups.",
)
@click.option(
    "--document",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The consent document, a Markdown file.",
)
@click.option("--starts-on", default="", help="The first day on which you can open it.")
@click.option(
    "--zone",
    default="UTC",
    help="Time zone of its days, such as Europe/London. Without it, UTC.",
)
@click.option("--ends-on", default="", help="The last day; it then closes by itself.")
@click.option(
    "--linkage",
    is_flag=True,
    help="Also ask people whether releases may follow them.",
)
def create(
    slug: str, groups: tuple[str, ...], document: Path, *, linkage: bool, **facts: Any
) -> None:
    """Plan the study TITLE at /studies/SLUG."""
    from forum.groups import queries as group_queries
    from forum.research.studies import planning

    with _forum():
        planning.create_study(
            slug,
            group_ids=[group_queries.id_of(each) for each in groups],
            document=document.read_text(encoding="utf-8"),
            linkage="yes" if linkage else "",
            **facts,
        )
    click.echo(
        f"Planned /studies/{slug}. Nobody is invited until you run `forum study open {slug}`."
    )


@command.command("waves")
@click.argument("slug")
@click.option(
    "--instrument",
    "every_wave",
    multiple=True,
    help="A questionnaire to ask in every wave; repeat for more.",
)
@click.option(
    "--at-baseline",
    "baseline",
    multiple=True,
    help="A questionnaire to ask at the beginning only; repeat for more.",
)
@click.option("--days", help="Days of the waves. Without it: 0, 14, 91, 182, 365.")
@click.option("--opens-before-days", help="A wave opens so many days before. Without it: 3.")
@click.option("--closes-after-days", help="A wave closes so many days after. Without it: 21.")
@click.option(
    "--danger-watch", help="Who watches for answers that name danger, and when; for PHQ-9."
)
def waves(
    slug: str, every_wave: tuple[str, ...], baseline: tuple[str, ...], **facts: str | None
) -> None:
    """Choose the questionnaires of the planned study SLUG; none takes all of them away."""
    from forum.research import queries
    from forum.research.waves import planning
    from forum.research.waves.plan_fields import BASELINE, EVERY_WAVE

    chosen = dict.fromkeys(baseline, BASELINE) | dict.fromkeys(every_wave, EVERY_WAVE)
    with _forum():
        planning.plan_waves(
            None,
            queries.study_at(slug).id,
            chosen,
            **{name: said for name, said in facts.items() if said is not None},
        )
    click.echo(f"{slug} asks {', '.join(chosen) or 'nothing'}.")


@command.command("open")
@click.argument("slug")
def open_one(slug: str) -> None:
    """Invite the members of the groups of the study SLUG."""
    from forum.research import queries
    from forum.research.studies import planning

    with _forum():
        planning.open_study(queries.study_at(slug).id)
    click.echo(f"{slug} is open.")


@command.command("close")
@click.argument("slug")
def close(slug: str) -> None:
    """Stop recording for the study SLUG."""
    from forum.research import queries
    from forum.research.studies import planning

    with _forum():
        planning.close_study(queries.study_at(slug).id)
    click.echo(f"{slug} is closed.")


@command.command("leave")
@click.argument("slug")
@click.argument("group")
def leave(slug: str, group: str) -> None:
    """Take GROUP out of the study SLUG: stop recording and inviting there.

    Participants get a message, and decide what happens to their data.
    """
    from forum.groups import queries as group_queries
    from forum.research import queries
    from forum.research.studies import group_withdrawal

    with _forum():
        group_withdrawal.withdraw_group(queries.study_at(slug).id, group_queries.id_of(group))
    click.echo(f"{group} has left {slug}.")


@command.command("list")
def list_all() -> None:
    """List all studies: slug, state, number of participants, title."""
    from forum.research import queries

    with _forum():
        for row in queries.studies():
            click.echo(f"{row.slug}\t{row.state}\t{row.participants}\t{row.title}")


@command.command("recall")
@click.argument("slug")
def recall(slug: str) -> None:
    """List releases of the study SLUG with people who have withdrawn since."""
    from forum.research.releases.ledger import queries

    with _forum():
        for entry in queries.to_recall(slug):
            click.echo(f"{entry.id}\t{entry.created_at:%Y-%m-%d}\t{entry.tier}\t{entry.recipient}")


@command.command("figures")
@click.argument("slug")
def draw(slug: str) -> None:
    """Draw the figures of the study SLUG now. The server does so each week."""
    from forum.research.figures import figure_jobs
    from forum.settings import environment

    with _forum():
        begin = figure_jobs.draw_figures(environment.from_environment().instance, slug)
    click.echo(f"Drawn at /research/{slug}, in whole weeks from {begin} on.")


@command.group("researcher")
def researcher() -> None:
    """Choose who sees the figures and releases of a study: name, unname, list."""


@researcher.command("name")
@click.argument("slug")
@click.argument("handle")
@click.option(
    "--although",
    "why",
    default="",
    help="Why, if they moderate a group of the study; the log keeps it.",
)
def name_researcher(slug: str, handle: str, why: str) -> None:
    """Let HANDLE see the study SLUG as its researcher."""
    from forum.research import queries
    from forum.research.studies import researchers

    with _forum():
        researchers.name_researcher(None, queries.study_at(slug).id, handle, why)
    click.echo(f"{handle} is a researcher of {slug}.")


@researcher.command("unname")
@click.argument("slug")
@click.argument("handle")
def unname_researcher(slug: str, handle: str) -> None:
    """Close the study SLUG to HANDLE again."""
    from forum.accounts import queries as accounts
    from forum.research import queries
    from forum.research.studies import researchers

    with _forum():
        researchers.remove_researcher(
            None, queries.study_at(slug).id, accounts.account_id_of_exact(handle) or 0
        )
    click.echo(f"{handle} is no longer a researcher of {slug}.")


@researcher.command("list")
@click.argument("slug")
def list_researchers(slug: str) -> None:
    """List the researchers of the study SLUG, and groups that close it to them."""
    from forum.research import queries
    from forum.research.studies import researchers

    with _forum():
        for one in researchers.researchers_of(None, queries.study_at(slug).id):
            click.echo(f"{one.handle}\t{one.named_at:%Y-%m-%d}\t{', '.join(one.two_roles)}")


def _forum() -> Any:
    from forum import app
    from forum.server import checks
    from forum.settings import environment

    chosen = environment.from_environment()
    checks.prepare_database(chosen)
    return app.create_app(chosen).app_context()
