"""`forum worker`: what waits to be done in the background, where no server does it."""

import click

from forum.core import optional_slices


@click.command("worker")
@click.option(
    "--releases", is_flag=True, help="Only make releases and figures, as the server does."
)
def command(releases: bool) -> None:
    """Do the work that is waiting (erasures, releases, figures), then stop.

    A running server does all this by itself. It makes each release in a separate process, which it
    starts.
    """
    from forum import jobs, wiring
    from forum.core import events
    from forum.core.background.jobs import job_types, runner
    from forum.core.ops import logs
    from forum.server import checks
    from forum.settings.environment import from_environment

    settings = from_environment()
    logs.configure(settings.log_level)
    checks.prepare_database(settings)
    events.subscribe(wiring.WITHIN_TRANSACTION, wiring.AFTER_COMMIT)
    if not releases:
        job_types.register(jobs.BACKGROUND_JOBS)
        runner.run(gently=True)
    if libraries := optional_slices.optional("forum.research.optional_dependencies"):
        libraries.require()
        from forum.research.figures import figure_jobs
        from forum.research.releases.requests import worker

        worker.work(settings.instance)
        figure_jobs.draw_due(settings.instance)
