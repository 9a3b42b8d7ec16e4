"""The first look: what waits for one is shown to nobody else, and is decided once."""

from flask import Flask

from forum.groups import service as groups
from forum.moderation import queue_queries
from forum.threads import review
from tests import factories as make

JSON = {"Accept": "application/json"}


def test_a_first_post_waits_is_shown_once_and_a_later_one_is_declined(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    newcomer, other = (make.join(make.person(), group) for _ in range(2))
    groups.edit_group(moderator, group, hold_first_posts=True)
    first = make.thread(newcomer, group, title="My first one")
    theirs, new, others = (app.test_client() for _ in range(3))
    for client, who in ((theirs, moderator), (new, newcomer), (others, other)):
        make.log_in(client, who)
    page = f"/threads/{first.thread_id}"

    assert others.get(page).status_code == 404
    assert "Waiting for a look" in new.get(page).text
    (entry,) = (one for one in queue_queries.waiting(moderator) if one.kind == "held")
    assert theirs.get(f"/moderation/queue/{entry.id}").status_code == 200
    assert theirs.get(f"/posts/{first.id}/decline").status_code == 200
    approve = f"/posts/{first.id}/approve"
    assert theirs.post(approve, headers=JSON).status_code == 200
    assert theirs.post(approve, headers=JSON).status_code == 409
    assert others.get(page).status_code == 200
    assert "is shown now" in new.get("/notifications").text
    assert "held" not in [one.kind for one in queue_queries.waiting(moderator)]

    review.set_reviewed(moderator, first.thread_id, on=True)
    held = make.post(newcomer, first.thread_id)
    decline = f"/posts/{held.id}/decline"
    assert theirs.post(decline, data={"reason": ""}).status_code == 422
    assert theirs.post(decline, data={"reason": "Without the street"}).status_code == 303
    assert "Without the street" in new.get(page).text
    assert "was not shown" in new.get("/notifications").text
    assert "Without the street" not in others.get(page).text
    assert others.get(f"/posts/{held.id}").status_code == 404
