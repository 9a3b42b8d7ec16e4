"""Who gets through which door: for each route and each event, the roles for whom it opens.

`tests/permissions/test_routes_and_events.py` tries them in this order. Where a page and
its form open for the same people, they share a row.
"""

from forum.meetings.room.turn_actions import TURN_ACTIONS
from forum.moderation.room_moderation.actions import ON_PERSON
from tests.support.permissions.matrix_world import ROLES

VISITOR, SUSPENDED = {"visitor"}, {"suspended"}
EVERYONE = set(ROLES)
PEOPLE = EVERYONE - VISITOR
ACTIVE = PEOPLE - SUSPENDED
MEMBERS = {"member", "blocked", "blocker", "muter", "author", "facilitator"}
READERS = MEMBERS | {"administrator"}
MEET_AUTHOR = READERS - {"blocked", "blocker", "muter"}
TEND = {"facilitator", "administrator"}
QUEUE = TEND | {"moderator_elsewhere"}  # each sees the entries of their own groups there
ADMINISTRATOR = {"administrator"}
CARING = TEND | {"moderator_elsewhere"}
NOBODY: set[str] = set()
THE_TWO = {"member", "author"}  # of the conversation, which the author began
# In an open or approval group; in a hidden one these are only its readers.
KNOW = "whoever may know the group"
KNOW_PEOPLE = "the same, logged in"
KNOW_ACTIVE = "the same, logged in and not suspended"

ON_MESSAGE = "/meetings/<int:meeting_id>/messages/<int:message_id>"
PERSON_THERE = "/meetings/<int:meeting_id>/people/<person:account_id>"
A_TURN = f"<any({','.join(TURN_ACTIONS)}):action>"
AN_ACTION = f"<any({','.join(ON_PERSON)}):action>"
IN_PRIVATE = "/messages/<private:conversation_id>"
ROUTES: dict[str, set[str] | str] = {
    "GET /": EVERYONE,
    "GET /rail": PEOPLE,
    "GET /healthz": EVERYONE,
    "GET /readyz": EVERYONE,
    "GET /metrics": EVERYONE,  # from this machine only: tests/core/ops/test_health.py
    "GET /static/<version>/<path:path>": EVERYONE,
    "GET /help-now": EVERYONE,
    "GET /robots.txt": EVERYONE,
    "GET /favicon.ico": EVERYONE,
    "GET /site.webmanifest": EVERYONE,
    "GET /service-worker.js": EVERYONE,
    "GET /offline": EVERYONE,
    "GET /guidelines": EVERYONE,
    "GET /complaints": EVERYONE,
    "POST /appearance": EVERYONE,
    "GET POST /register": EVERYONE,
    "GET POST /login": EVERYONE,
    "GET POST /recover": EVERYONE,
    "GET POST /forgot": EVERYONE,
    "GET POST /reset/<token>": EVERYONE,  # a wrong link gets a message
    "GET /session": EVERYONE,
    "GET /account": PEOPLE,
    "GET /account/language": PEOPLE,
    "GET POST /account/email": PEOPLE,
    "POST /account/email/link": PEOPLE,
    "GET POST /account/email/notifications": PEOPLE,
    "GET POST /account/email/confirm/<token>": EVERYONE,  # a wrong link gets a message
    "GET POST /unsubscribe/<token>": EVERYONE,  # the same
    "GET POST /account/content-notes": PEOPLE,
    "GET POST /account/handle": PEOPLE,
    "GET POST /account/password": PEOPLE,
    "GET /account/people": PEOPLE,
    "GET POST /account/profile": PEOPLE,
    "GET POST /account/recovery-codes": PEOPLE,
    "GET /account/sessions": PEOPLE,
    "GET /account/security": PEOPLE,
    "GET /account/data": PEOPLE,
    "POST /account/data/download": PEOPLE,
    "GET POST /account/erase": PEOPLE,  # with the password
    "GET /account/erased": EVERYONE,
    "GET /account/erased/<token>": NOBODY,
    "POST /account/sessions/<private:session_id>/end": NOBODY,  # somebody else's session
    "GET /members/<person:account_id>": READERS,  # of a fellow member
    "GET /members/@<handle>": READERS,  # the same, by name
    "GET /search": EVERYONE,
    "GET /groups": EVERYONE,
    "GET POST /groups/new": ADMINISTRATOR,
    "GET /groups/<slug>": KNOW,
    "GET /groups/<slug>/about": KNOW,
    "GET /groups/<slug>/join": KNOW,
    "GET /groups/<slug>/leave": KNOW_PEOPLE,
    "GET POST /groups/<slug>/watching": MEMBERS,
    "GET /groups/<slug>/welcome": MEMBERS,
    "POST /groups/<slug>/read": MEMBERS,
    "GET /groups/<slug>/members": READERS,
    "GET /groups/<slug>/handles": READERS,
    "GET POST /groups/<slug>/settings": TEND,
    "GET POST /groups/<slug>/invitations": TEND,
    "POST /groups/<slug>/invitations/<int:invitation_id>/withdraw": NOBODY,  # there is none
    "GET /groups/<slug>/requests": TEND,
    "POST /groups/<slug>/requests/<person:account_id>/accept": TEND,
    "POST /groups/<slug>/requests/<person:account_id>/decline": TEND,
    "GET POST /invitations/<token>": NOBODY,  # there is no such invitation
    "GET POST /groups/<slug>/threads/new": MEMBERS,
    "POST /groups/<slug>/threads/draft": KNOW_ACTIVE,
    "POST /groups/<slug>/threads/similar": KNOW_ACTIVE,
    "GET /threads/<int:thread_id>": READERS,
    "GET /threads/<int:thread_id>/unread": READERS,
    "GET /threads/<int:thread_id>/on": READERS,
    "GET POST /threads/<int:thread_id>/title": NOBODY,  # who started it is none of these
    "POST /threads/<int:thread_id>/read": READERS & PEOPLE,
    "POST /threads/<int:thread_id>/replies": MEMBERS,
    "POST /threads/<int:thread_id>/draft": READERS,
    "POST /threads/<int:thread_id>/follow": READERS,
    "POST /preview": ACTIVE,
    "POST /writing-check": PEOPLE,  # profiles too
    "GET /safety/crisis": CARING,
    "GET /safety/detectors": {"moderator_elsewhere", "administrator"},
    "GET /safety/notes": PEOPLE,
    "GET /safety/notes/<private:care_message_id>": NOBODY,  # there is none
    "POST /safety/notes/<private:care_message_id>/answer": NOBODY,
    "POST /safety/notes/<private:care_message_id>/close": NOBODY,
    "GET POST /groups/<slug>/care/<person:account_id>": TEND,
    "GET /bookmarks": ACTIVE,
    "GET /posts/<int:post_id>": MEET_AUTHOR,
    "GET /posts/<int:post_id>/team-note": {"author"},
    "GET /posts/<int:post_id>/history": TEND,
    "GET /posts/<int:post_id>/decline": TEND,
    "POST /posts/<int:post_id>/approve": TEND,  # a shown one: refused kindly
    "POST /posts/<int:post_id>/decline": TEND,
    "GET POST /posts/<int:post_id>/edit": {"author"},
    "GET /posts/<int:post_id>/delete": {"author"},
    "POST /posts/<int:post_id>/bookmark": MEET_AUTHOR,
    "POST /posts/<int:post_id>/reactions": {"member", "facilitator"},  # not one's own post
    "GET POST /moderation/actions/new": TEND,  # of a post
    "GET POST /moderation/reasons": ADMINISTRATOR,
    "GET /admin": ADMINISTRATOR,
    "GET /announcements/<int:announcement_id>": READERS,  # one to the group's members
    "GET POST /admin/announcements": ADMINISTRATOR,
    "POST /admin/announcements/<int:announcement_id>/take-back": ADMINISTRATOR,
    "POST /moderation/actions/<int:log_entry_id>/undo": NOBODY,  # nothing was done yet
    "POST /moderation/pending-actions/<int:pending_action_id>": NOBODY,
    "POST /moderation/appeals/<int:log_entry_id>": NOBODY,
    "GET /moderation/log": QUEUE,
    "GET /moderation/log.csv": QUEUE,
    "GET /moderation/mine": PEOPLE,
    "POST /moderation/mine/<private:log_entry_id>/appeal": NOBODY,  # done to somebody else
    "GET POST /posts/<int:post_id>/report": {"member", "facilitator", "administrator"},
    "GET POST /reports/new": READERS,  # of a fellow member
    "GET /moderation/reports/mine": PEOPLE,
    "GET /moderation": QUEUE,
    "GET /moderation/queue/<int:item_id>": TEND,
    "POST /moderation/queue/<int:item_id>/claim": TEND,
    "POST /moderation/queue/<int:item_id>/call": TEND,  # what is no crisis: refused kindly
    "GET /moderation/queue/<int:item_id>/here": TEND,
    "POST /moderation/queue/<int:item_id>/here": TEND,  # what is no crisis: refused kindly
    "POST /moderation/queue/<int:item_id>/hand-over": TEND,
    "POST /moderation/queue/<int:item_id>/resolve": TEND,
    "POST /moderation/queue/<int:item_id>/reopen": TEND,
    "GET POST /moderation/rota": QUEUE,
    "POST /moderation/rota/<int:shift_id>/note": NOBODY,  # somebody else's hours
    "POST /moderation/rota/<int:shift_id>/remove": NOBODY,
    "GET POST /moderation/break": QUEUE,
    "GET POST /groups/<slug>/watched-words": TEND,
    "GET /transparency": EVERYONE,
    "GET /notifications": PEOPLE,
    "GET /notifications/<private:notification_id>": NOBODY,  # somebody else's
    "GET /notifications/<private:notification_id>/open": PEOPLE,  # somebody else's: the list
    "POST /notifications/read": PEOPLE,
    "GET POST /notifications/preferences": PEOPLE,
    "GET /notifications/devices": PEOPLE,
    "POST /notifications/devices": NOBODY,  # without web push: tests/notifications/devices
    "GET /notifications/devices/<private:device_id>": NOBODY,  # somebody else's
    "POST /notifications/devices/<private:device_id>/remove": NOBODY,
    "POST /notifications/devices/<private:device_id>/test": NOBODY,
    "POST /notifications/break": PEOPLE,
    "POST /notifications/break/end": PEOPLE,
    "GET /research": ADMINISTRATOR,  # and whom a study names: tests/research/test_views.py
    "GET POST /research/new": ADMINISTRATOR,
    "GET /research/ledger": ADMINISTRATOR,
    "GET /research/ledger/<int:release_id>": NOBODY,  # there is none
    "GET /research/<slug>": NOBODY,  # there is no study at this address
    "GET /research/<slug>/figures/<name>.csv": NOBODY,
    "GET /research/<slug>/figures/<name>.svg": NOBODY,
    "GET POST /research/<slug>/edit": NOBODY,
    "GET POST /research/<slug>/document": NOBODY,
    "GET POST /research/<slug>/questionnaires": NOBODY,
    "POST /research/<slug>/open": NOBODY,
    "POST /research/<slug>/close": NOBODY,
    "GET POST /research/<slug>/researchers": NOBODY,
    "POST /research/<slug>/researchers/<person:account_id>/remove": NOBODY,
    "GET /research/<slug>/log": NOBODY,
    "GET POST /research/<slug>/releases": NOBODY,
    "GET /research/<slug>/releases/<int:job_id>": NOBODY,
    "GET /research/<slug>/releases/<int:job_id>/download": NOBODY,
    "POST /research/<slug>/releases/<int:job_id>/again": NOBODY,
    "POST /research/<slug>/releases/<int:job_id>/remove": NOBODY,
    "GET /studies/<slug>": NOBODY,  # there is none at this address
    "POST /studies/<slug>/consent": NOBODY,
    "POST /studies/<slug>/withdraw": NOBODY,
    "POST /studies/<slug>/zone": NOBODY,
    "GET /studies/<slug>/held": NOBODY,
    "GET /studies/<slug>/erase": NOBODY,
    "GET /studies/<slug>/questionnaires": NOBODY,
    "GET /studies/<slug>/questionnaires/<int:ordinal>": NOBODY,
    "GET POST /studies/<slug>/questionnaires/<int:ordinal>/<int:page>": NOBODY,
    "POST /studies/<slug>/questionnaires/<int:ordinal>/decline": NOBODY,
    "POST /studies/<slug>/questionnaires/<int:ordinal>/snooze": NOBODY,
    "GET /studies/<slug>/questionnaires/<int:ordinal>/help": NOBODY,
    "POST /studies/<slug>/questionnaires/<int:ordinal>/contact": NOBODY,
    "POST /activity/reading": NOBODY,  # without a page that was served to them
    "GET /calendar": ACTIVE,
    "GET POST /account/calendars": ACTIVE,
    "POST /account/calendars/<private:calendar_id>/revoke": NOBODY,  # somebody else's
    "GET /calendars/<token>.ics": EVERYONE,  # an address that is not known is gone
    "GET /groups/<slug>/meetings": READERS,
    "GET POST /groups/<slug>/meetings/new": TEND,
    "GET /meetings/<int:meeting_id>": READERS,
    "POST /meetings/<int:meeting_id>/remind": READERS,
    "POST /meetings/<int:meeting_id>/absence": TEND,
    "POST /meetings/<int:meeting_id>/cover": TEND,
    "GET POST /meetings/<int:meeting_id>/cancel": TEND,  # an open one: refused kindly
    "GET POST /meeting-series/<int:series_id>/edit": TEND,
    "POST /meeting-series/<int:series_id>/remind": READERS,
    "POST /meeting-series/<int:series_id>/cancel": TEND,
    "GET /meetings/<int:meeting_id>/room": READERS,
    "GET /meetings/<int:meeting_id>/team-note": READERS,
    "GET /room-messages/<int:message_id>": READERS,
    "GET /meetings/<int:meeting_id>/summary": TEND,
    "POST /meetings/<int:meeting_id>/enter": READERS,
    "POST /meetings/<int:meeting_id>/messages": READERS,
    "POST /meetings/<int:meeting_id>/draft": READERS,
    "POST /meetings/<int:meeting_id>/hand": READERS,
    "POST /meetings/<int:meeting_id>/finish-turn": READERS,
    "POST /meetings/<int:meeting_id>/private-notes": READERS,
    f"POST {ON_MESSAGE}/hide": TEND,
    f"POST {ON_MESSAGE}/restore": TEND,
    f"POST {ON_MESSAGE}/delete": NOBODY,  # what another said
    "POST /meetings/<int:meeting_id>/mode": TEND,
    "POST /meetings/<int:meeting_id>/extend": TEND,
    f"POST {PERSON_THERE}/{A_TURN}": TEND,
    f"POST {PERSON_THERE}/{AN_ACTION}": TEND,
    "POST /groups/<slug>/meetings/drop-in": TEND,
    "GET /messages": ACTIVE,
    "POST /messages/preferences": ACTIVE,
    "GET /members/<person:account_id>/message": MEMBERS,
    "POST /members/<person:account_id>/message": NOBODY,  # all are new here
    f"GET {IN_PRIVATE}": THE_TWO,
    f"GET {IN_PRIVATE}/<int:number>": THE_TWO,
    f"POST {IN_PRIVATE}/messages": THE_TWO,
    f"POST {IN_PRIVATE}/draft": THE_TWO,
    f"POST {IN_PRIVATE}/mute": THE_TWO,
    f"POST {IN_PRIVATE}/vanishing": THE_TWO,
    f"POST {IN_PRIVATE}/accept": THE_TWO,  # they have agreed already: harmless
    f"POST {IN_PRIVATE}/decline": THE_TWO,  # the same: refused kindly
    f"POST {IN_PRIVATE}/<int:number>/reactions": {"member"},  # not to one's own
    f"GET POST {IN_PRIVATE}/<int:number>/edit": {"author"},
    f"GET {IN_PRIVATE}/<int:number>/delete": THE_TWO,
    # What changes the world for the rows above comes last.
    f"POST {IN_PRIVATE}/<int:number>/delete": THE_TWO,
    f"GET {IN_PRIVATE}/leave": THE_TWO,
    f"POST {IN_PRIVATE}/leave": THE_TWO,
    f"POST {IN_PRIVATE}/block": NOBODY,  # both have left
    "POST /posts/<int:post_id>/hide": TEND,
    "POST /posts/<int:post_id>/restore": TEND,
    "POST /posts/<int:post_id>/undo": {"author"},
    "POST /posts/<int:post_id>/delete": {"author"},
    "POST /groups/<slug>/members/<person:account_id>/role": {"administrator"},
    "POST /members/<person:account_id>/mute": READERS,  # somebody whom they have met
    "POST /members/<person:account_id>/unmute": PEOPLE,  # harmless for a stranger
    "POST /members/<person:account_id>/block": READERS,
    "POST /members/<person:account_id>/unblock": PEOPLE,
    "POST /groups/<slug>/members/<person:account_id>/remove": TEND,
    "POST /groups/<slug>/members/<person:account_id>/let-back": {"administrator"},
    "POST /meetings/<int:meeting_id>/leave": READERS,
    "POST /meetings/<int:meeting_id>/close": TEND,
    "POST /groups/<slug>/join": KNOW_ACTIVE,
    "POST /groups/<slug>/leave": KNOW_PEOPLE,
    "POST /account/sessions/end-others": PEOPLE,
    "POST /account/sessions/end-all": PEOPLE,
    "POST /logout": EVERYONE,
    "POST /language": EVERYONE,
}
EVENTS = {
    "thread:join": READERS,
    "thread:typing": READERS,
    "thread:seen": READERS,
    "thread:leave": EVERYONE - SUSPENDED,
    "meeting:join": READERS,
    "meeting:say": READERS,
    "meeting:typing": READERS,
    "meeting:react": READERS,
    "meeting:private_note": READERS,
    "meeting:hand": READERS,
    "meeting:finish_turn": READERS,
    "meeting:turn": TEND,
    "meeting:person": TEND,
    "meeting:mode": TEND,
    "meeting:extend": TEND,
    "meeting:leave": READERS,
    "meeting:close": TEND,
    "conversation:join": THE_TWO,
    "conversation:typing": THE_TWO,
    "conversation:seen": THE_TWO,
    "conversation:leave": EVERYONE - SUSPENDED,
    "home:join": ACTIVE,
    "queue:join": QUEUE,
    "activity:reading": NOBODY,  # without a page that was served to them
}
