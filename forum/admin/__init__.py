"""The administrator's desk: what there is to run the forum from a page."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.admin import views

    app.register_blueprint(views.bp)
