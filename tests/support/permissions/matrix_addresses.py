"""Where the routes of the matrix lead in one world."""

from forum.accounts.identity.public_ids import of as named
from forum.core.web.private_ids import of as private
from tests.support.permissions.matrix_table import A_TURN, AN_ACTION
from tests.support.permissions.matrix_world import World


def address(world: World, rule: str) -> str:
    """Return the address of a route, with what this world has of what it names, or else 999."""
    values = {
        "<slug>": world.slug,
        "<int:thread_id>": world.thread_id,
        "<int:post_id>": world.post_id,
        "<token>": "x",
        "<person:account_id>": named(world.host.id),
        "<handle>": world.host.handle,
        "<name>": "retention",
        "<version>": "0",
        "<path:path>": "css/core/base.css",
        "<private:session_id>": private(999),
        "<private:notification_id>": private(999),
        "<int:log_entry_id>": 999,
        "<private:log_entry_id>": private(999),
        "<int:pending_action_id>": 999,
        "<int:release_id>": 999,
        "<int:job_id>": 999,
        "<int:invitation_id>": 999,
        "<private:care_message_id>": private(999),
        "<private:calendar_id>": private(999),
        "<private:conversation_id>": private(world.conversation_id),
        "<int:number>": 1,
        "<private:device_id>": private(999),
        "<int:series_id>": world.series_id,
        "<int:meeting_id>": world.meeting_id,
        "<int:message_id>": world.message_id,
        A_TURN: "give_turn",
        AN_ACTION: "mute",
        "<int:item_id>": world.item_id,
        "<int:shift_id>": 999,
        "<int:announcement_id>": world.announcement_id,
        "<int:ordinal>": 1,
        "<int:page>": 1,
        "/moderation/actions/new": (
            f"/moderation/actions/new?target_kind=post&id={world.post_id}&action=content_note"
        ),
        "/reports/new": f"/reports/new?kind=member&id={named(world.host.id)}",
    }
    for name, value in values.items():
        rule = rule.replace(name, str(value))
    return rule
