"""A member with traces everywhere, for the tests of privacy."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.login import security_log
from forum.accounts.models import SuspendedIdentity, VerifiedEmail
from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences
from forum.accounts.queries import viewer_of_session
from forum.core import clock
from forum.core.db import Base, current_session, transaction
from forum.groups import service as groups
from forum.groups.membership import hidden_content_access, roles
from forum.meetings.calendars import service as calendars
from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.room.messages import private_notes
from forum.meetings.room.messages import service as messages
from forum.meetings.schedule import cover, reminders
from forum.meetings.schedule import service as scheduling
from forum.messages import participant_state
from forum.messages import service as private_messages
from forum.messages.models import REQUESTED
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.crisis_calls.models import CrisisAcknowledgement
from forum.moderation.models import AuditLogEntry, PendingAction
from forum.moderation.on_call import moderator_wellbeing, rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.reports import service as reports
from forum.notifications.announcements.models import Announcement
from forum.notifications.devices.models import PushDevice
from forum.notifications.notification_choices import EMAIL as BY_EMAIL
from forum.notifications.outbox.models import Delivery
from forum.notifications.preferences.models import (
    GroupWatch,
    NotificationChoice,
    NotificationSettings,
)
from forum.safety import service as care
from forum.threads import queries
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from forum.threads.models import PendingEdit
from forum.threads.reader import drafts, reader_state
from tests.support import factories as make
from tests.support.research import study_world, wave_world
from tests.support.worlds import conversation_world, copied_worlds
from tests.support.worlds.meeting_schedules import form as schedule_form

PASSWORD = "violet harbour lantern"
HANDLE, OLD_HANDLE, EMAIL = "Zephyrine", "quillonette", "zeph@example.org"
WORDS = "marzipanwords"
OTHERS_WORDS = "chrysaliswords"


class PrivacyWorld:
    """A person with something in every table, and `other`, who has met them."""

    def __init__(self) -> None:
        vars(self).update(copied_worlds.world("privacyworld", self._made))

    def _made(self) -> dict[str, Any]:
        me = accounts.sign_up(OLD_HANDLE, PASSWORD, accept_guidelines=True, email=EMAIL).account_id
        self.me, self.other = self.viewer(me), make.person("otherone")
        self.group = make.group(make.administrator(), name="A quiet room", slug="quiet-room")
        for member in (self.me, self.other):
            make.join(member, self.group, "moderator")
        place = make.thread(self.me, self.group, title=f"Title {WORDS}", body=f"Body {WORDS}")
        self.theirs = make.post(
            self.other, place.thread_id, body=f"{OTHERS_WORDS} @{OLD_HANDLE}, hello @{OLD_HANDLE}"
        )
        accounts.change_handle(self.me, HANDLE)
        self.me = self.viewer(me)
        threads.edit_post(self.other, self.theirs.id, body=f"{OTHERS_WORDS} @{HANDLE.upper()}!")
        threads.edit_post(self.me, place.id, body=f"Edited {WORDS} @otherone", content_note=WORDS)
        self.hidden = make.post(self.me, place.thread_id, body=f"Hidden {WORDS}")
        threads.hide_post(self.other, self.hidden.id, f"Because {OTHERS_WORDS}")
        threads.react(self.me, self.theirs.id, "hug", on=True)
        reader_state.set_bookmark(self.me, self.theirs.id, on=True)
        reader_state.record_read(me, place.thread_id, 9, first=9)
        drafts.save_draft(self.me, self.group, body=f"Draft {WORDS}", title=WORDS)
        accounts.change_profile(self.me, about=f"About {WORDS}", invisible=False)
        groups.invite(self.me, self.group)
        closed = make.group(visibility="approval")
        groups.ask_to_join(self.me, closed, f"Please {WORDS}")
        accounts.mute(self.me, make.person("muteduser").id or 0)
        accounts.block(make.person("blockerone"), me)
        accounts.request_password_reset(EMAIL)
        security_log.log_refused_login(me, "Firefox on Linux")
        content_note_preferences.save(self.me, {WORDS: "hidden"})
        care.send_care_message(self.me, "quiet-room", self.other.id or 0, body=f"Note {WORDS}")
        note = care.send_care_message(self.other, "quiet-room", me, body=f"Note {OTHERS_WORDS}")
        care.answer_care_message(self.me, note, f"Answer {WORDS}")
        make.meeting(self.group, by_id=me)
        _wait_for_meetings(self.me, self.group)
        calendars.create_calendar(self.me)
        shut = make.group()
        make.join(self.me, shut)
        with transaction() as session:
            roles.set_role_state(session, shut, me, roles.RoleState(removed=True), None)
            where = {"target_kind": "person", "target_id": me, "at": clock.now()}
            done = AuditLogEntry(action="warn", person_id=me, **where)
            edit = PendingEdit(
                post_id=place.id,
                body=f"Edit {WORDS}",
                content_note=WORDS,
                version=1,
                based_on="",
                created_at=clock.now(),
            )
            session.add(SuspendedIdentity(account_id=me, handle_digest="", until=clock.now()))
            session.add_all([done, AuditLogEntry(action="warn", by_id=me, **where), edit])
            session.flush()
            appeals_undo.appeal(self.me, done.id, f"Appeal {WORDS}")
            asked = {"target_kind": "person", "target_id": me, "created_at": clock.now()}
            session.add(PendingAction(action="warn", by_id=me, **asked))
        self._in_a_room()
        self._in_the_queue(place.id)
        self._pre_moderate(place.thread_id)
        self.thread_id = place.thread_id
        self._in_studies()
        return vars(self)

    def _told_outside(self, me: int) -> None:
        now, here = clock.now(), viewer_of_session(accounts.open_session(me))
        assert here
        with transaction() as session:
            session.add_all(
                [
                    VerifiedEmail(account_id=me, email=EMAIL, verified_at=now),
                    NotificationChoice(
                        account_id=me, choice="replies", channel=BY_EMAIL, frequency="never"
                    ),
                    PushDevice(
                        account_id=me,
                        session_id=here.session_id,
                        endpoint=f"https://push.example.org/{WORDS}",
                        endpoint_digest="",
                        p256dh=WORDS,
                        auth="",
                        key_digest="",
                        name="Firefox on Android",
                        created_at=now,
                    ),
                    GroupWatch(account_id=me, group_id=self.group, level="all"),
                    NotificationSettings(account_id=me, quiet_from=60, quiet_until=0),
                    Delivery(
                        account_id=me,
                        channel=BY_EMAIL,
                        event_key="digest:2026-12-01",
                        type="digest",
                        urgency=3,
                        due_at=now,
                        created_at=now,
                    ),
                ]
            )

    def _in_a_room(self) -> None:
        self._told_outside(self.me.id or 0)
        self.meeting = rooms.open_drop_in(self.me, self.group, title="Tea")
        for one in (self.me, self.other):
            rooms.enter_room(one, self.meeting)
        messages.send_message(
            self.me, self.meeting, body=f"Said {WORDS}", idempotency_key="k", content_note=WORDS
        )
        answer = messages.send_message(
            self.other, self.meeting, body=f"{OTHERS_WORDS} @{HANDLE}, hello", idempotency_key="o"
        )
        reports.report(self.me, "room_message", answer, reason="other")
        private_notes.send_private_note(self.me, self.meeting, body=f"Word {WORDS}")
        private_notes.send_private_note(
            self.other, self.meeting, body=f"Answer {OTHERS_WORDS}", to=self.me.id
        )
        speaking_queue.raise_hand(self.me, self.meeting, up=True)
        messages.save_draft(self.me, self.meeting, body=f"Draft {WORDS}")
        self._in_private()

    def _in_studies(self) -> None:
        study_world.take_part(self.me, self.group)
        wave_world.answer_in_group(self.me, self.group)
        study_world.run(self.me, self.group)

    def _in_the_queue(self, post_id: int) -> None:
        reports.report(self.other, "post", post_id, reason="other", words=OTHERS_WORDS)
        reports.report(self.me, "post", self.theirs.id, reason="unkind", words=f"Words {WORDS}")
        entry = next(
            one for one in queue_queries.open_items(self.me) if one.target_id == self.theirs.id
        )
        rota.take_break(self.me)
        self._in_a_crisis(entry.id)
        moderator_wellbeing.record_exposure(self.me, entry.id)
        hidden_content_access.record(
            self.me, self.group, "post", [queries.post_for(self.other, self.hidden.id)]
        )
        hidden_content_access.record(
            self.other, self.group, "post", [queries.post_for(self.me, self.hidden.id)]
        )
        queue.hand_over(self.me, entry.id, note=f"Note {WORDS}")
        queue.claim(self.me, entry.id)
        rota.take_shift(self.me, self.group, clock.now(), 2, f"Shift {WORDS}")

    def _in_a_crisis(self, item_id: int) -> None:
        """Say that one is there, and leave."""
        with transaction() as session:
            session.add(
                CrisisAcknowledgement(
                    item_id=item_id, account_id=self.me.id, at=clock.now(), ended_at=clock.now()
                )
            )

    def _in_private(self) -> None:
        """Write to another member, who answers with their name; ask one, and let nobody new ask."""
        there = conversation_world.begin(self.me, self.other, body=f"Private {WORDS}")
        self.conversation = there
        for one, words in ((self.me, WORDS), (self.other, OTHERS_WORDS)):
            conversation_world.say(one, there, f"{words} @{HANDLE}", note=words)
        private_messages.react(self.me, there, 3, "hug", on=True)
        private_messages.react(self.other, there, 1, "hug", on=True)
        private_messages.delete_for_me(self.me, there, 3)
        participant_state.save_draft(self.me, there, body=f"Draft {WORDS}", content_note=WORDS)
        participant_state.save_draft(self.other, there, body=f"{OTHERS_WORDS} @{HANDLE}")
        participant_state.set_wants_messages(self.me, on=False)
        conversation_world.begin(self.me, make.person(), REQUESTED, body=f"Asked {WORDS}")
        conversation_world.begin(
            make.person(), self.me, REQUESTED, body=f"{OTHERS_WORDS} @{HANDLE}"
        )

    def _pre_moderate(self, thread_id: int) -> None:
        moderation.take_action(self.me, "review", thread_id)
        held = make.post(make.join(make.person(), self.group), thread_id)
        pre_moderation.decline(self.me, held.id, "Please write it without the street.")
        moderation.take_action(self.me, "unreview", thread_id)

    @staticmethod
    def viewer(account_id: int) -> Viewer:
        """Return somebody as they are now."""
        from forum.accounts import queries

        found = queries.viewer(account_id)
        assert found is not None
        return found


def whole_database() -> dict[str, str]:
    """Return every value of every column of every table, as one text each."""
    values: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        rows = current_session().execute(select(table)).all()
        for column in table.columns:
            texts = (str(row._mapping[column]) for row in rows)
            values[f"{table.name}.{column.name}"] = "\n".join(texts).casefold()
    return values


def token(client: FlaskClient, path: str) -> dict[str, str]:
    """Return the field that a page's form has."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return {"csrf_token": found[1]}


def _wait_for_meetings(me: Viewer, group_id: int) -> None:
    """Let somebody ask for reminders, be named for a series elsewhere, and take a meeting over.

    They have announced something, too, which stays.
    """
    reminders.set_reminder(me, make.meeting(group_id), on=True)
    series = scheduling.schedule_series(make.administrator(), group_id, schedule_form())
    reminders.set_series_reminder(me, series, on=True)
    group = make.group()
    make.join(me, group, "facilitator")
    scheduling.schedule_series(make.administrator(), group, schedule_form(), [me.handle])
    cover.take_cover(me, make.meeting(group))
    with transaction() as session:
        told = {"title": "Moving", "body": "On Sunday.", "created_at": clock.now()}
        session.add(Announcement(by_id=me.id, **told))
