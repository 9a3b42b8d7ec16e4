"""Periodic work of the server: one-line calls into services; and the kinds of background jobs."""

from forum.accounts import codes
from forum.accounts import service as accounts
from forum.core import background, parts, text
from forum.core.background_jobs import kinds, runner
from forum.core.background_jobs import queue as background_jobs
from forum.core.rerendering import Rerendering
from forum.meetings import reminders, scheduling
from forum.meetings import renaming as renaming_in_rooms
from forum.meetings import timed as meetings
from forum.meetings.room_models import RoomMessage
from forum.moderation import proposals, queue_intake
from forum.notifications import moves
from forum.notifications import service as notifications
from forum.privacy import erasure
from forum.threads import renaming
from forum.threads.models import Post

HOUR_S = 3600
MEETINGS_EVERY_S = 15
VANISH_EVERY_S = 300
REMIND_EVERY_S = 60
QUEUE_EVERY_S = 300
RELEASES_EVERY_S = 30
CODES_EVERY_S = 60
RENDER_EVERY_S = 0.5
_STORED_HTML = (
    Rerendering(Post, lambda _id, body: text.render(body, mentions=True)),
    Rerendering(RoomMessage, lambda _id, body: text.render(body)),
)
BACKGROUND_JOBS_EVERY_S = 10

BACKGROUND_JOBS = [erasure.KIND, renaming.KIND, renaming_in_rooms.KIND, moves.JOB]
if _research := parts.optional("forum.research.erasing"):
    BACKGROUND_JOBS.append(_research.FORGET)


def start() -> None:
    """Know what background jobs do; do what is due every so often, while the server runs."""
    kinds.register(BACKGROUND_JOBS)
    background.every(HOUR_S, "tidy_up", tidy_up)
    background.every(CODES_EVERY_S, "old_codes", codes.harden)
    background.every(BACKGROUND_JOBS_EVERY_S, "background_jobs_left", runner.go_on)
    background.every(MEETINGS_EVERY_S, "meetings", meetings.settle_due)
    background.every(VANISH_EVERY_S, "words_vanish", meetings.let_vanish)
    background.every(REMIND_EVERY_S, "reminders", reminders.announce_due)
    background.every(HOUR_S, "meetings_ahead", scheduling.make_ahead)
    background.every(HOUR_S, "proposals_lapse", proposals.let_lapse)
    background.every(QUEUE_EVERY_S, "queue", queue_intake.sweep)
    background.every(RENDER_EVERY_S, "rendered_anew", render_anew)
    if studies := parts.optional("forum.research.planning"):
        background.every(HOUR_S, "studies_end", studies.close_ended)
    if releases := parts.optional("forum.research.releases.starting"):
        background.every(RELEASES_EVERY_S, "releases", releases.sweep)
        background.every(HOUR_S, "figures", releases.draw_due)
    if news := parts.optional("forum.research.news"):
        background.every(RELEASES_EVERY_S, "release_news", news.show_lately)


def render_anew() -> None:
    """Go on bringing stored HTML to the present version of the renderer."""
    for stored in _STORED_HTML:
        stored.step()


def tidy_up() -> None:
    """Forget what nobody needs any longer."""
    accounts.forget_old_sessions()
    accounts.forget_ended()
    accounts.mark_unmarked()
    notifications.forget_old()
    background_jobs.forget_old()
