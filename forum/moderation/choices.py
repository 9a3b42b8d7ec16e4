"""What somebody can choose to do to what is said or to a person."""

from dataclasses import dataclass

from forum.accounts.policy import Viewer, member_id
from forum.core.db import transaction
from forum.core.errors import Forbidden, NotFound
from forum.groups import queries as groups
from forum.groups import seeing
from forum.moderation import policy, targets
from forum.moderation.policy import ACTS
from forum.threads import queries as threads


@dataclass(frozen=True)
class Offer:
    """The acts that are open to somebody here; `back` is where they came from."""

    on: str
    name: str
    id: int
    group_id: int | None
    group_slug: str
    person_id: int | None
    back: str
    acts: tuple[tuple[str, str], ...]
    body: str


def offer(
    viewer: Viewer, on: str, subject_id: int, slug: str = "", person_id: int | None = None
) -> Offer:
    """Return what the viewer may do; `person_id` is who, in a room.

    Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    me = member_id(viewer)
    if on not in policy.SUBJECTS:
        raise NotFound
    group_id = groups.group_for(viewer, slug).id if slug and on == policy.PERSON else None
    with transaction() as session:
        site = on == policy.PERSON and group_id is None
        if on == policy.PERSON and targets.rank_of(session, me, group_id) < policy.MODERATOR:
            raise Forbidden("Only those who moderate can do that.", code="not_yours")
        target = targets.find(session, viewer, on, subject_id, group_id, person_id)
        rank = targets.rank_of(session, me, target.group_id)
        body = targets.state(session, target, "body")["body"] if on == policy.POST else ""
    if body:
        post = threads.post_for(viewer, subject_id)
        seeing.note(viewer, post.group_id, on, [post])
    acts = tuple(
        (name, f"{act.label} (a second person confirms)" if act.second else act.label)
        for name, act in ACTS.items()
        if act.on == on and rank >= act.least and (on != policy.PERSON or act.site == site)
    )
    name, address = policy.SUBJECTS[on]
    back = address.format(subject_id)
    return Offer(on, name, subject_id, group_id, slug, person_id, back, acts, body)
