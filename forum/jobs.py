"""Periodic work of the server: one-line calls into services; and the kinds of background jobs."""

from forum.accounts import service as accounts
from forum.accounts.recovery import recovery_codes
from forum.backups import launcher as backups
from forum.core import optional_slices, text
from forum.core.background import leader
from forum.core.background.jobs import job_types, runner
from forum.core.background.jobs import queue as background_jobs
from forum.core.text.rerendering import Rerendering
from forum.groups.membership import removed_identities
from forum.meetings.room.lifecycle import timers as meetings
from forum.meetings.room.messages import mention_updates as renaming_in_rooms
from forum.meetings.room.models import RoomMessage
from forum.meetings.schedule import cover, due_reminders
from forum.meetings.schedule import service as scheduling
from forum.messages.content import vanishing
from forum.messages.models import PrivateMessage
from forum.moderation.bells import service as bells
from forum.moderation.crisis_calls import pager
from forum.moderation.crisis_calls import service as crisis_calls
from forum.moderation.queue import reported_posts
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.second_approval import pending_actions
from forum.notifications import service as notifications
from forum.notifications.devices import service as devices
from forum.notifications.digests import service as digests
from forum.notifications.outbox import leases, sender
from forum.notifications.outbox import service as outbox
from forum.notifications.types import announcement, moved_posts
from forum.privacy import erasure
from forum.privacy.tombstones import service as tombstones
from forum.search import indexing
from forum.settings.environment import from_environment
from forum.threads.models import Post
from forum.threads.posts import mention_updates

HOUR_S = 3600
MEETINGS_EVERY_S = 15
VANISH_EVERY_S = 300
REMIND_EVERY_S = 60
QUEUE_EVERY_S = 300
CALLS_EVERY_S = 5
BELLS_EVERY_S = 60
PROMPTS_EVERY_S = 300
RELEASES_EVERY_S = 30
FIGURES_FIRST_S = 20  # after a lease of a process that died, and soon for who tries the demo
CODES_EVERY_S = 60
RENDER_EVERY_S = 0.5
SEND_EVERY_S = 1
DIGESTS_EVERY_S = 300
INDEX_EVERY_S = 0.5
TOMBSTONES_EVERY_S = 10
BACKUPS_EVERY_S = 600
_STORED_HTML = (
    Rerendering(Post, lambda _id, body: text.render(body, mentions=True)),
    Rerendering(RoomMessage, lambda _id, body: text.render(body)),
    Rerendering(PrivateMessage, lambda _id, body: text.render(body)),
)
BACKGROUND_JOBS_EVERY_S = 10

BACKGROUND_JOBS = [
    erasure.KIND,
    mention_updates.KIND,
    renaming_in_rooms.RENAME_JOB,
    moved_posts.JOB,
    announcement.JOB,
]
if _research := optional_slices.optional("forum.research.erasure"):
    BACKGROUND_JOBS.append(_research.ERASE_PARTICIPANT)


def start() -> None:
    """Know what background jobs do; do what is due every so often, in one server process."""
    job_types.register(BACKGROUND_JOBS)
    leader.every(HOUR_S, "tidy_up", tidy_up)
    leader.every(CODES_EVERY_S, "old_codes", recovery_codes.rehash_old)
    leader.every(BACKGROUND_JOBS_EVERY_S, "background_jobs_left", runner.go_on)
    leader.every(MEETINGS_EVERY_S, "meetings", meetings.update_due_meetings)
    leader.every(VANISH_EVERY_S, "words_vanish", meetings.delete_expired_transcripts)
    leader.every(VANISH_EVERY_S, "private_messages_vanish", vanishing.delete_vanished)
    leader.every(REMIND_EVERY_S, "reminders", due_reminders.announce_due)
    leader.every(REMIND_EVERY_S, "meeting_cover", cover.check_due)
    leader.every(HOUR_S, "meetings_ahead", scheduling.create_upcoming_occurrences)
    leader.every(HOUR_S, "pending_actions", pending_actions.expire)
    leader.every(QUEUE_EVERY_S, "queue", queue_triggers.sweep)
    leader.every(CALLS_EVERY_S, "crisis_calls", crisis_calls.make_due_calls)
    leader.every(CALLS_EVERY_S, "pager", pager.send_due)
    leader.every(BELLS_EVERY_S, "bells", bells.ring_due)
    leader.every(BELLS_EVERY_S, "reported_posts", reported_posts.hide_unanswered)
    leader.every(RENDER_EVERY_S, "rendered_anew", render_anew)
    leader.every(SEND_EVERY_S, "outbox", sender.send_due)
    leader.every(DIGESTS_EVERY_S, "digests", digests.enqueue_due)
    leader.every(INDEX_EVERY_S, "search_index", indexing.go_on)
    leader.every(HOUR_S, "outbox_due_times", leases.mend_due_times)
    leader.every(TOMBSTONES_EVERY_S, "tombstones", write_tombstones)
    leader.every(BACKUPS_EVERY_S, "backups", backups.make_due)
    if studies := optional_slices.optional("forum.research.studies.planning"):
        leader.every(HOUR_S, "studies_end", studies.close_ended)
    if prompts := optional_slices.optional("forum.research.waves.prompts"):
        leader.every(PROMPTS_EVERY_S, "wave_prompts", prompts.send_due)
    if releases := optional_slices.optional("forum.research.releases.requests.worker_launcher"):
        leader.every(RELEASES_EVERY_S, "releases", releases.sweep)
        leader.every(HOUR_S, "figures", releases.draw_due, first=FIGURES_FIRST_S)
    if news := optional_slices.optional("forum.research.researcher_notifications"):
        leader.every(RELEASES_EVERY_S, "release_news", news.show_recent)


def write_tombstones() -> None:
    """Write into their file what was erased or withdrawn."""
    tombstones.write_out(from_environment().tombstones)


def render_anew() -> None:
    """Go on bringing stored HTML to the present version of the renderer."""
    for stored in _STORED_HTML:
        stored.step()


def tidy_up() -> None:
    """Forget what nobody needs any longer."""
    accounts.forget_old_sessions()
    accounts.forget_ended_suspensions()
    accounts.remember_missed_identities()
    removed_identities.forget_ended()
    removed_identities.remember_missed()
    notifications.forget_old()
    outbox.forget_old()
    devices.forget_old()
    background_jobs.forget_old()
