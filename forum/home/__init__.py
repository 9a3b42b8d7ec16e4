"""The first page, for visitors and for members."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.home import views

    app.register_blueprint(views.bp)
