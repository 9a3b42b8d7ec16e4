"""Support groups: what they are, who belongs to them, who may enter and see."""

from flask import Flask

from forum.core.web.templating import template_helpers


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.groups import fields, membership_views, policy, queries, settings_views, views
    from forum.groups.invitations import views as invitation_views
    from forum.groups.profiles import views as profile_views

    template_helpers.add_limits(
        app,
        slug=fields.SLUG_MAX,
        join_message=fields.JOIN_MESSAGE_MAX,
        **{f"group_{name}": most for name, (_, most) in fields.LIMITS.items()},
    )
    app.jinja_env.filters["group_size"] = queries.SIZES.__getitem__
    app.jinja_env.filters["role_name"] = policy.ROLE_NAMES.__getitem__
    app.jinja_env.globals["group_labels"] = fields.LABELS
    app.jinja_env.globals["group_options"] = fields.OPTIONS
    for door in (views, membership_views, invitation_views, settings_views, profile_views):
        app.register_blueprint(door.bp)
