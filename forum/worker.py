"""`forum worker`: what waits to be done in the background, where no server does it."""

import click

from forum.core import parts


@click.command("worker")
@click.option(
    "--releases", is_flag=True, help="Only make releases and figures, as the server asks for it."
)
def command(releases: bool) -> None:
    """Do what waits, and end: erasures, releases, and figures that are due.

    A server does all this by itself; nobody needs to run this beside one. A release is made in a
    process of its own, which the server starts.
    """
    from forum import jobs, startup, wiring
    from forum.core import events, logs
    from forum.core.background_jobs import kinds, runner
    from forum.settings import from_environment

    settings = from_environment()
    logs.configure(settings.log_level)
    startup.prepare_database(settings)
    events.wire(wiring.WITHIN_TRANSACTION, wiring.AFTER_COMMIT)
    if not releases:
        kinds.register(jobs.BACKGROUND_JOBS)
        runner.run(gently=True)
    if libraries := parts.optional("forum.research.libraries"):
        libraries.needed()
        from forum.research import looking
        from forum.research.releases import worker

        worker.work(settings.instance)
        looking.draw_due(settings.instance)
