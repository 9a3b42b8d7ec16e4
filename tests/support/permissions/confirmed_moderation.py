"""One way to do what each POST route of moderation does; it adds to `PREPARED`."""

from sqlalchemy import update

from forum.core import clock
from forum.core.db import transaction
from forum.core.web import private_ids
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import undo
from forum.moderation.on_call import rota
from forum.moderation.queue import service as queue
from forum.moderation.queue_items import policy
from forum.moderation.queue_items.models import QueueItem
from forum.threads import service as threads
from tests.support import factories
from tests.support.permissions.confirmed_acts import PREPARED, Act, at_place, prepared
from tests.support.permissions.matrix_world import World


def _pending_post(world: World) -> str:
    moderation.take_action(world.people["facilitator"], "review", world.thread_id)
    return f"/posts/{threads.post_reply(world.people['member'], world.thread_id, body='Hello').id}"


for _end in ("approve", "decline"):
    _route = f"/posts/<int:post_id>/{_end}"
    PREPARED[_route] = at_place("facilitator", _pending_post, _end, reason="Not here")


@prepared("/posts/<int:post_id>/restore")
def _restore(world: World) -> Act:
    moderation.take_action(world.people["facilitator"], "hide", world.post_id)
    return Act("facilitator")


def _hidden(world: World) -> int:
    hidden = moderation.take_action(world.people["facilitator"], "hide", world.post_id)
    return hidden.log_entry_id or 0


@prepared("/moderation/actions/<int:log_entry_id>/undo")
def _undo(world: World) -> Act:
    return Act("facilitator", {}, f"/moderation/actions/{_hidden(world)}/undo")


@prepared("/moderation/mine/<private:log_entry_id>/appeal")
def _appeal(world: World) -> Act:
    shown = private_ids.of(_hidden(world))
    return Act("author", {"words": "It was kind"}, f"/moderation/mine/{shown}/appeal")


@prepared("/moderation/appeals/<int:log_entry_id>")
def _answer_appeal(world: World) -> Act:
    entry = _hidden(world)
    undo.appeal(world.people["author"], entry, "It was kind")
    form = {"overturn": "1", "answer": "You are right"}
    return Act("administrator", form, f"/moderation/appeals/{entry}")


@prepared("/moderation/pending-actions/<int:pending_action_id>")
def _confirm(world: World) -> Act:
    first, second = factories.administrator(), factories.administrator()
    asked = moderation.take_action(
        first, "ban", world.people["member"].id or 0, reason="Threats", message="Goodbye"
    )
    place = f"/moderation/pending-actions/{asked.pending_action_id}"
    return Act(second, {"confirm": "1"}, place)


@prepared("/groups/<slug>/members/<person:account_id>/let-back")
def _let_back(world: World) -> Act:
    person = world.host.id or 0
    moderation.take_action(
        world.people["administrator"], "remove", person, group_id=world.group_id, reason="Threats"
    )
    return Act("administrator")


@prepared("/moderation/queue/<int:item_id>/here")
@prepared("/moderation/queue/<int:item_id>/call")
def _call(world: World) -> Act:
    with transaction() as session:
        session.execute(update(QueueItem).values(urgency=policy.CRISIS))
    return Act("facilitator")


@prepared("/moderation/queue/<int:item_id>/reopen")
def _reopen(world: World) -> Act:
    queue.resolve(world.people["facilitator"], world.item_id, outcome="nothing")
    return Act("facilitator")


@prepared("/moderation/rota")
def _take_shift(world: World) -> Act:
    return Act("facilitator", {"group_id": str(world.group_id), "hours": "2"})


def _shift(world: World) -> str:
    shift = rota.take_shift(world.people["facilitator"], world.group_id, clock.now(), 2)
    return f"/moderation/rota/{shift}"


for _end in ("note", "remove"):
    _route = f"/moderation/rota/<int:shift_id>/{_end}"
    PREPARED[_route] = at_place("facilitator", _shift, _end, note="All calm")
