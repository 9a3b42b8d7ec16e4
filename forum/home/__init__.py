"""The first page, for visitors and for members, and the rail beside other pages."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.home import (
        sockets,  # noqa: F401 - declares its events
        views,
    )

    app.register_blueprint(views.bp)
    views.init(app)
