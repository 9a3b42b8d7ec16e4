"""`forum worker`: what waits to be done in the background, where no server does it."""

import time

import click

from forum.core import optional_slices


@click.command("worker")
@click.option(
    "--releases", is_flag=True, help="Only make releases and figures, as the server does."
)
@click.option("--stay", is_flag=True, help="Go on until it is stopped.")
def command(releases: bool, stay: bool) -> None:
    """Do the work that is waiting (erasures, emails, releases, figures), then stop.

    A running server does all this by itself. It makes each release in a separate process, which it
    starts.
    """
    from forum import app, jobs, wiring
    from forum.core import events, mail, web_push
    from forum.core.background.jobs import job_types, runner
    from forum.core.ops import logs
    from forum.notifications.outbox import sender
    from forum.server import checks
    from forum.settings.environment import from_environment

    settings = from_environment()
    logs.configure(settings.log_level)
    checks.prepare_database(settings)
    if releases:
        events.subscribe(wiring.WITHIN_TRANSACTION, wiring.AFTER_COMMIT)
        # What it tells researchers of is written into the outbox, too.
        mail.init(settings.mail_url, settings.mail_from, settings.site_name, settings.origins)
        web_push.init(
            settings.push_key, settings.push_services, settings.origins, settings.mail_from
        )
    else:
        app.create_app(settings)
        job_types.register(jobs.BACKGROUND_JOBS)
        runner.run(gently=True)
        sender.send_all_due()
        while stay:
            time.sleep(jobs.SEND_EVERY_S)
            runner.run(gently=True)
            sender.send_all_due()
    if libraries := optional_slices.optional("forum.research.optional_dependencies"):
        libraries.require()
        from forum.research.figures import figure_jobs
        from forum.research.releases.requests import worker

        worker.work(settings.instance)
        figure_jobs.draw_due(settings.instance)
