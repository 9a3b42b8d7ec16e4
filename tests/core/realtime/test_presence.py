"""Who is where: what processes tell each other through Redis, and each knows without it."""

from dataclasses import dataclass

import pytest

from forum.core.realtime.presence import STALE_AFTER_S, SharedPresence
from forum.core.translation import using
from tests.support.servers.real_servers import free_port, running_valkey

HERE, ELSEWHERE = "thread:1", "thread:2"


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_processes_know_each_others_people_until_one_says_no_more() -> None:
    clock = Clock()
    with running_valkey() as valkey:
        one, other = (SharedPresence(valkey.url, clock) for _ in range(2))
        with using("de"):
            assert one.enter(HERE, "a", 7)
            assert not one.enter(HERE, "a", 7)
        assert other.accounts(HERE) == {7}
        assert other.languages(HERE) == {"de"}
        assert other.accounts(ELSEWHERE) == set()
        assert other.occupied([HERE, ELSEWHERE]) == {HERE}
        clock.now += STALE_AFTER_S - 1
        one.refresh()
        clock.now += 2
        assert other.accounts(HERE) == {7}, "it was said again in time"
        clock.now += STALE_AFTER_S
        assert other.accounts(HERE) == set(), "a process that says nothing has died"
        assert one.gone("a") == {HERE}
        assert other.occupied([HERE]) == set()


def test_the_same_list_is_new_once_whichever_process_sends_it() -> None:
    with running_valkey() as valkey:
        one, other = (SharedPresence(valkey.url) for _ in range(2))
        one.enter(HERE, "a", 7)
        assert one.is_new_to(HERE, 7, "wren, fern")
        assert not other.is_new_to(HERE, 7, "wren, fern")
        assert other.is_new_to(HERE, 7, "wren")
        other.enter(HERE, "b", 7)
        assert one.is_new_to(HERE, 7, "wren"), "another page of theirs has not seen it"


def test_while_redis_is_away_each_process_knows_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    address = f"redis://127.0.0.1:{free_port()}/0"
    one, other = SharedPresence(address), SharedPresence(address)
    assert one.enter(HERE, "a", 7)
    assert one.accounts(HERE) == {7}
    assert one.occupied([HERE, ELSEWHERE]) == {HERE}
    assert other.accounts(HERE) == set()
    assert one.is_new_to(HERE, 7, "wren"), "rather twice than never"
    assert one.is_new_to(HERE, 7, "wren")
    one.refresh()
    one.leave(HERE, "a")
    assert one.accounts(HERE) == set()
    assert not one.is_anywhere("a")
