"""Help in a crisis."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application. Raises BadSettings if the operator's file is broken."""
    from forum.safety import helplines, views

    instance = app.extensions["forum.settings"].instance
    app.extensions["forum.helplines"] = helplines.load(instance)
    app.jinja_env.filters["dialled"] = views.dialled
    app.register_blueprint(views.bp)
