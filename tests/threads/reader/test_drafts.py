"""What somebody has begun to write is kept until it is sent."""

import pytest
from alembic import command

from forum import migrations
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Conflict
from forum.threads import service
from forum.threads.posts.post_creation import PostRef
from forum.threads.reader import drafts
from tests.support.worlds.thread_people import group, opening, owl, robin, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]


def test_drafts_are_kept_until_sent(opening: PostRef, robin: Viewer, group: int) -> None:
    drafts.save_draft(robin, group, opening.thread_id, body="I wanted to s")
    assert bodies(robin, group, opening.thread_id) == ["I wanted to s"]
    service.post_reply(robin, opening.thread_id, body="I wanted to say hello")
    assert not bodies(robin, group, opening.thread_id)
    held = drafts.save_draft(robin, group, title="Evenings", body="")
    assert [draft.title for draft in drafts.drafts_of(robin, group)] == ["Evenings"]
    drafts.save_draft(robin, group, title="", body=" ", held=held)
    assert not drafts.drafts_of(robin, group)


def bodies(viewer: Viewer, group: int, thread: int) -> list[str]:
    """Return what somebody has begun to write in a thread, the latest first."""
    return [draft.body for draft in drafts.drafts_of(viewer, group, thread)]


def test_sending_ends_no_draft_with_other_words(
    opening: PostRef, robin: Viewer, group: int
) -> None:
    thread = opening.thread_id
    phone = drafts.save_draft(robin, group, thread, body="On the phone", held=page("a"))
    laptop = drafts.save_draft(robin, group, thread, body="On the laptop", held=page("b"))
    assert bodies(robin, group, thread) == ["On the laptop", "On the phone"]
    service.post_reply(robin, thread, body="Quite another sentence", draft=phone)
    assert bodies(robin, group, thread) == ["On the laptop"]
    service.post_reply(robin, thread, body="From a program")
    assert bodies(robin, group, thread) == ["On the laptop"]
    service.post_reply(robin, thread, body="It was On the laptop.", draft=page("c"))
    assert not bodies(robin, group, thread)
    assert drafts.save_draft(robin, group, thread, body="Next", held=laptop).key == laptop.key


def page(key: str) -> drafts.HeldDraft:
    """Return what an open page says that holds no draft yet."""
    return drafts.HeldDraft(key, 0, key)


def test_a_draft_is_not_replaced_by_a_page_that_has_not_seen_it(
    opening: PostRef, robin: Viewer, group: int
) -> None:
    thread = opening.thread_id
    seen = drafts.save_draft(robin, group, thread, body="one", held=page("a"))
    other = drafts.HeldDraft(seen.key, seen.version, "b")
    drafts.save_draft(robin, group, thread, body="two", held=other)
    for words in ("three", "three and four"):  # the answer to the first was lost
        drafts.save_draft(robin, group, thread, body=words, held=seen)
    assert bodies(robin, group, thread) == ["three and four", "two"]
    drafts.save_draft(robin, group, thread, body="", held=drafts.HeldDraft("a", 0, "d"))
    assert bodies(robin, group, thread) == ["three and four", "two"]


def test_there_are_not_endless_drafts_and_two_are_never_cut_together(
    opening: PostRef, robin: Viewer, group: int
) -> None:
    thread = opening.thread_id
    first = drafts.save_draft(robin, group, thread, body="y" * 11_000, held=page("ffff"))
    drafts.save_draft(robin, group, thread, body="x" * 11_000, held=page("0"))
    with pytest.raises(Conflict):
        drafts.append_draft(robin, group, thread, "0", first)
    for n in range(2, drafts.MOST):
        drafts.save_draft(robin, group, thread, body=f"word {n}", held=page(f"{n:x}"))
    with pytest.raises(Conflict):
        drafts.save_draft(robin, group, thread, body="one too many", held=page("eeee"))
    assert len(bodies(robin, group, thread)) == drafts.MOST


def test_drafts_of_the_code_before_are_still_there(
    opening: PostRef, robin: Viewer, group: int
) -> None:
    drafts.save_draft(robin, group, opening.thread_id, body="Still unsent")
    db.release_session()
    command.downgrade(migrations.config(), "0048")
    migrations.upgrade()
    (draft,) = drafts.drafts_of(robin, group, opening.thread_id)
    assert (draft.body, draft.version, len(draft.key)) == ("Still unsent", 1, 32)
