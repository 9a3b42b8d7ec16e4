"""Studies: consent, what researchers see, and what leaves the house."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.research import figures_views, reading_views, sockets, views  # noqa: F401

    app.register_blueprint(views.bp)
    app.register_blueprint(reading_views.bp)
    app.register_blueprint(figures_views.bp)
    views.init(app)
    reading_views.init(app)
