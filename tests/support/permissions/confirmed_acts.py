"""One way to do what each POST route of the matrix does: who does it, where, and with which form.

What is not here is done by the first of `ROLES` for whom the route opens, at its address there.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.email_delivery import email_letters
from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import VISITOR, Viewer
from forum.core.db import current_session, transaction
from forum.core.web import private_ids
from forum.groups import service as groups
from forum.groups.models import Invitation
from forum.meetings.calendars import service as calendars
from forum.meetings.calendars.models import Calendar
from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.schedule import cover
from forum.messages.models import REQUESTED
from forum.moderation.actions import service as moderation
from forum.notifications.notification_choices import REPLIES
from forum.notifications.preferences import unsubscribe
from forum.safety import service as care
from tests.support import factories
from tests.support.permissions.matrix_world import World
from tests.support.worlds import conversation_world
from tests.support.worlds.account_forms import NEW_PASSWORD, PASSWORD
from tests.support.worlds.meeting_schedules import form as schedule_form

ROLES = ("member", "facilitator", "administrator", "author", "visitor")


class Act(NamedTuple):
    """Who acts, what their form holds, and at which address if it is not the matrix's."""

    who: Viewer | str = ""
    form: dict[str, Any] = {}
    address: str = ""


PREPARED: dict[str, Callable[[World], Act]] = {}
FORMS: dict[str, dict[str, Any]] = {
    "/admin/announcements": {"title": "Moving", "body": "We move on Sunday.", "confirmed": "1"},
    "/appearance": {"color_scheme": "dark"},
    "/groups/new": {"slug": "brand-new", "name": "Brand new", "description": "Words"},
    "/groups/<slug>/settings": {"name": "Another name"},
    "/groups/<slug>/meetings/new": schedule_form(minutes="60"),
    "/meeting-series/<int:series_id>/edit": schedule_form(minutes="60"),
    "/moderation/actions/new": {"action": "content_note", "value": "grief"},
    "/groups/<slug>/invitations": {"uses": "1", "days": "7"},
    "/moderation/rota": {"group_id": "", "hours": "2"},
    "/moderation/queue/<int:item_id>/hand-over": {"note": "Please go on"},
    "/account/handle": {"handle": "another-name"},
    "/messages/<private:conversation_id>/vanishing": {"hours": "24"},
    "/account/profile": {"about": "Hello"},
    "/account/content-notes": {"topic": "grief", "choice": "open"},
    "/groups/<slug>/members/<person:account_id>/role": {"role": "facilitator"},
}


def prepared(route: str) -> Callable[[Callable[[World], Act]], Callable[[World], Act]]:
    """Register how a world is made ready for a route."""

    def add(made: Callable[[World], Act]) -> Callable[[World], Act]:
        PREPARED[route] = made
        return made

    return add


@prepared("/threads/<int:thread_id>/title")
def _change_title(world: World) -> Act:
    return Act(world.host, {"title": "Another title"})


@prepared("/members/<person:account_id>/message")
def _ask_to_write(world: World) -> Act:
    conversation_world.settle(world.people["member"], world.group_id)
    return Act("member")


@prepared("/messages/<private:conversation_id>/decline")
def _decline_request(world: World) -> Act:
    there = conversation_world.begin(world.host, world.people["member"], REQUESTED)
    return Act("member", address=f"/messages/{private_ids.of(there)}/decline")


@prepared("/messages/<private:conversation_id>/block")
def _block_in_private(world: World) -> Act:
    return Act("member")


def _somebody(world: World) -> Viewer:
    return factories.join(factories.person(password=PASSWORD), world.group_id)


def _newest(column: Any) -> Any:
    return current_session().scalar(select(column).order_by(column.desc()))


def _with_password(**form: str) -> Callable[[World], Act]:
    return lambda world: Act(_somebody(world), form)


def at_place(
    who: str, place: Callable[[World], str], end: str, **form: str
) -> Callable[[World], Act]:
    """Prepare a place for somebody, and act at an address below it."""
    return lambda world: Act(who, form, f"{place(world)}/{end}")


PREPARED |= {
    "/account/password": _with_password(current=PASSWORD, new=NEW_PASSWORD),
    "/account/email": _with_password(email="wren@example.org", password=PASSWORD),
    "/account/email/notifications": _with_password(password=PASSWORD),
    "/account/recovery-codes": _with_password(password=PASSWORD),
    "/account/erase": _with_password(posts="keep", password=PASSWORD, confirm="1"),
}


@prepared("/register")
def _register(_world: World) -> Act:
    form = {"handle": "newcomer", "password": PASSWORD, "accept_guidelines": "1"}
    return Act(VISITOR, form)


@prepared("/login")
def _login(world: World) -> Act:
    return Act(VISITOR, {"handle": _somebody(world).handle, "password": PASSWORD})


@prepared("/account/sessions/<private:session_id>/end")
def _end_session(world: World) -> Act:
    me = world.people["member"]
    client = world.app.test_client()
    other = factories.log_in(client, me)
    return Act("member", {}, f"/account/sessions/{private_ids.of(other.session_id or 0)}/end")


@prepared("/groups/<slug>/invitations/<int:invitation_id>/withdraw")
def _withdraw_invitation(world: World) -> Act:
    groups.invite(world.people["facilitator"], world.group_id)
    number = _newest(Invitation.id)
    return Act("facilitator", {}, f"/groups/{world.slug}/invitations/{number}/withdraw")


@prepared("/invitations/<token>")
def _follow_invitation(world: World) -> Act:
    token = groups.invite(world.people["facilitator"], world.group_id)
    return Act("outsider", {}, f"/invitations/{token}")


def _ask_to_join(world: World) -> str:
    slug = "asking"
    group_id = factories.group(slug=slug, visibility="approval")
    factories.join(world.people["facilitator"], group_id, "facilitator")
    groups.ask_to_join(world.people["member"], group_id, "Hello")
    return f"/groups/{slug}/requests/{public_ids.of(world.people['member'].id)}"


for _end in ("accept", "decline"):
    _route = f"/groups/<slug>/requests/<person:account_id>/{_end}"
    PREPARED[_route] = at_place("facilitator", _ask_to_join, _end)


def _care_message(world: World) -> str:
    facilitator, member = world.people["facilitator"], world.people["member"]
    sent = care.send_care_message(facilitator, world.slug, member.id or 0, body="Are you safe?")
    return f"/safety/notes/{private_ids.of(sent)}"


for _end in ("answer", "close"):
    _route = f"/safety/notes/<private:care_message_id>/{_end}"
    _who = "member" if _end == "answer" else "facilitator"
    PREPARED[_route] = at_place(_who, _care_message, _end, answer="Thank you")


@prepared("/account/calendars/<private:calendar_id>/revoke")
def _revoke(world: World) -> Act:
    calendars.create_calendar(world.people["member"])
    shown = private_ids.of(_newest(Calendar.id))
    return Act("member", {}, f"/account/calendars/{shown}/revoke")


@prepared("/meetings/<int:meeting_id>/finish-turn")
def _finish_turn(world: World) -> Act:
    speaking_queue.raise_hand(world.people["member"], world.meeting_id, up=True)
    speaking_queue.give_speaking_turn(
        world.people["facilitator"], world.meeting_id, world.people["member"].id or 0
    )
    return Act("member")


@prepared("/groups/<slug>/meetings/drop-in")
def _drop_in(world: World) -> Act:
    for _ in ("last words", "over"):
        rooms.close_meeting(world.people["facilitator"], world.meeting_id)
    return Act("facilitator")


@prepared("/meetings/<int:meeting_id>/cancel")
def _cancel(world: World) -> Act:
    meeting = factories.meeting(world.group_id)
    return Act("facilitator", {}, f"/meetings/{meeting}/cancel")


@prepared("/meetings/<int:meeting_id>/absence")
def _absence(world: World) -> Act:
    meeting = factories.meeting(world.group_id)
    cover.take_cover(world.people["facilitator"], meeting)
    return Act("facilitator", {}, f"/meetings/{meeting}/absence")


@prepared("/meetings/<int:meeting_id>/cover")
def _cover(world: World) -> Act:
    return Act("facilitator", {}, f"/meetings/{factories.meeting(world.group_id)}/cover")


@prepared("/meetings/<int:meeting_id>/messages/<int:message_id>/delete")
def _delete_message(world: World) -> Act:
    return Act(world.host)


@prepared("/meetings/<int:meeting_id>/messages/<int:message_id>/restore")
def _restore_message(world: World) -> Act:
    moderation.take_action(world.people["facilitator"], "hide_message", world.message_id)
    return Act("facilitator")


@prepared("/members/<person:account_id>/unmute")
def _unmute(world: World) -> Act:
    accounts.mute(world.people["member"], world.host.id or 0)
    return Act("member")


def _with_address(world: World) -> Viewer:
    """Give the member an address."""
    member = world.people["member"]
    with transaction() as session:
        account = session.get(Account, member.id)
        assert account
        account.email = "member@example.org"
    return member


@prepared("/account/email/confirm/<token>")
def _confirm_address(world: World) -> Act:
    link = email_letters.with_link(_with_address(world)).link
    assert link
    return Act("member", {}, link[0])


@prepared("/unsubscribe/<token>")
def _unsubscribe(world: World) -> Act:
    member = _with_address(world)
    address = unsubscribe.address(member.id or 0, REPLIES, "member@example.org")
    return Act("member", {}, address)
