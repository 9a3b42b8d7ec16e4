"""Studies: consent, what researchers see, and what leaves the house."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.research import (
        figures_views,
        index_views,
        reading_views,
        researchers_views,
        sockets,  # noqa: F401 - declares its events
        study_views,
        views,
    )
    from forum.research.releases import ledger_views
    from forum.research.releases import views as release_views

    doors = (views, index_views, figures_views, reading_views, study_views, researchers_views)
    for door in (*doors, release_views, ledger_views):
        app.register_blueprint(door.bp)
    for door in (views, index_views, reading_views, release_views):
        door.init(app)
