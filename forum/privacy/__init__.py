"""Everything held about me, in one download; and erasing myself."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.privacy import views

    app.register_blueprint(views.bp)
