"""Finding what was said, of what the reader may see: posts, titles, groups, people, meetings."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.search import similar_thread_views, views

    app.jinja_env.globals["similar_threads"] = similar_thread_views.similar
    for door in (views, similar_thread_views):
        app.register_blueprint(door.bp)
