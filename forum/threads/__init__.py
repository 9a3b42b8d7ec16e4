"""Threads and posts: written once, shown live, replayed after any gap."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.threads import views

    app.register_blueprint(views.bp)
