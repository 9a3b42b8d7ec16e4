"""Help in a crisis."""

from pathlib import Path

from flask import Flask

from forum.core.web.templating import template_helpers


def init(app: Flask) -> None:
    """Add this slice to the application. Raises BadSettings if the operator's file is broken."""
    from forum.safety import (
        care_message_views,
        crisis_views,
        form_warning_views,
        helpline_words,
        helplines,
        policy,
        views,
    )
    from forum.safety.guidelines import guideline_text
    from forum.safety.guidelines import views as guideline_views

    settings = app.extensions["forum.settings.environment"]
    own = Path(settings.helplines) if settings.helplines else None
    app.extensions["forum.helplines"] = helplines.load(settings.instance, own)
    written = Path(settings.guidelines) if settings.guidelines else None
    app.jinja_env.globals["community_guidelines"] = guideline_text.load(written)
    app.jinja_env.filters["dialled"] = views.dialled
    app.jinja_env.filters["helpline_words"] = helpline_words.translated
    template_helpers.add_limits(app, care_message=policy.CARE_MESSAGE_MAX)
    form_warning_views.init(app)
    for door in (views, form_warning_views, crisis_views, care_message_views, guideline_views):
        app.register_blueprint(door.bp)
