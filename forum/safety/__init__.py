"""Help in a crisis."""

from pathlib import Path

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application. Raises BadSettings if the operator's file is broken."""
    from forum.safety import crisis_views, helplines, note_views, rules_views, views, writing_views

    settings = app.extensions["forum.settings"]
    own = Path(settings.helplines) if settings.helplines else None
    app.extensions["forum.helplines"] = helplines.load(settings.instance, own)
    app.jinja_env.filters["dialled"] = views.dialled
    writing_views.init(app)
    for door in (views, writing_views, crisis_views, note_views, rules_views):
        app.register_blueprint(door.bp)
