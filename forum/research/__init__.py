"""Studies: consent, what researchers see, and what leaves the house."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.research import figures_views, views

    app.register_blueprint(views.bp)
    app.register_blueprint(figures_views.bp)
    views.init(app)
