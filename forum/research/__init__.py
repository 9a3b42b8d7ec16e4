"""Studies: consent, what researchers see, and what leaves the house."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.research import views
    from forum.research.figures import views as figures_views
    from forum.research.recording import (
        reading_views,
        sockets,  # noqa: F401 - declares its events
    )
    from forum.research.releases.ledger import views as ledger_views
    from forum.research.releases.requests import views as release_views
    from forum.research.studies import index_views, researchers_views
    from forum.research.studies import views as study_views
    from forum.research.waves import answer_views, participant_views, plan_views

    doors = (views, index_views, figures_views, reading_views, study_views, researchers_views)
    for door in (*doors, plan_views, answer_views, participant_views, release_views, ledger_views):
        app.register_blueprint(door.bp)
    for door in (views, index_views, figures_views, reading_views, release_views):
        door.init(app)
