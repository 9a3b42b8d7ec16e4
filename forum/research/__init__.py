"""Studies: consent, what researchers see, and what leaves the house."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.research import views

    app.register_blueprint(views.bp)
    views.init(app)
