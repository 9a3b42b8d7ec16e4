"""How many modules of the slices a reader goes through to follow one request, as things are now.

What every request goes through, in `forum/core/`, is left out. A way that has become longer shows
that a rule was put where it has to be asked for across slices, or a module that only passes on.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask

from tests.support import factories as make

FORUM = Path(__file__).parents[2] / "forum"
JSON = {"Accept": "application/json"}
# A reply tells open home pages what is new and ends one of several drafts. Hiding asks where its
# confirmation leads back to. Both ask whether anything is to be sent outside the forum. A
# reply asks whether it begins a thread, and what is said beside it to its author. Both note that
# searches are to find something else.
MOST = {"reply": 40, "hide": 38}


def modules_entered(request: Callable[[], Any]) -> set[str]:
    """Return the modules of slices in which a function runs for one request."""
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _arg: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(FORUM):
            entered.add(path.relative_to(FORUM).as_posix())

    sys.setprofile(note)
    try:
        request()
    finally:
        sys.setprofile(None)
    return {name for name in entered if not name.startswith("core/")}


@pytest.mark.parametrize("way", MOST)
def test_a_way_is_no_longer_than_it_was(app: Flask, way: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    author, moderator = make.person(), make.person()
    group = make.group()
    make.join(author, group)
    make.join(moderator, group, "moderator")
    thread = make.thread(author, group).thread_id
    posts = [make.post(author, thread).id for _ in range(2)]
    browser = app.test_client()
    make.log_in(browser, author if way == "reply" else moderator)
    address = f"/threads/{thread}/replies" if way == "reply" else "/posts/{}/hide"

    def send(turn: int) -> None:
        sent = {"body": f"Reply {turn}"} if way == "reply" else {"reason": ""}
        answer = browser.post(address.format(posts[turn]), data=sent, headers=JSON)
        assert answer.status_code in {200, 201}

    send(0)  # what is made at the first request of a process is no part of the way
    entered = modules_entered(lambda: send(1))
    assert "threads/service.py" in entered
    assert len(entered) <= MOST[way], "\n".join(sorted(entered))
