"""Who is where right now: which accounts have a socket in which place.

Only a hint for "who is here" and for whom a broadcast may concern; what anyone may see is always
asked of the database. With Redis the hint is shared between processes, and while Redis is away
each process knows its own people.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import structlog
from redis import Redis, RedisError

from forum.core import ids
from forum.core.background import periodic
from forum.core.translation import current

STALE_AFTER_S = 90
REFRESH_EVERY_S = 30
TOLD_FOR_S = 24 * 3600
log = structlog.get_logger()


class _Somebody(NamedTuple):
    """Whose socket it is, and the language of its page."""

    account_id: int
    language: str


class Presence:
    """Sockets by place, in this process."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, _Somebody]] = defaultdict(dict)
        self._of_socket: dict[str, set[str]] = defaultdict(set)
        self._told: dict[str, dict[int, str]] = defaultdict(dict)

    def enter(self, place: str, sid: str, account_id: int) -> bool:
        """Note that a socket is in a place (0: a visitor's); return whether it was not yet."""
        new = sid not in self._places.get(place, {})
        self._places[place][sid] = _Somebody(account_id, current())
        self._of_socket[sid].add(place)
        if new:
            self._forget_told(place, account_id)
        return new

    def leave(self, place: str, sid: str) -> None:
        """Note that a socket has left a place."""
        self._places[place].pop(sid, None)
        self._of_socket[sid].discard(place)
        if not self._places[place]:
            del self._places[place]
            self._told.pop(place, None)
        if not self._of_socket[sid]:
            del self._of_socket[sid]

    def gone(self, sid: str) -> set[str]:
        """Forget a socket that has closed, and return the places that it was in."""
        places = set(self._of_socket.get(sid, ()))
        for place in places:
            self.leave(place, sid)
        return places

    def is_anywhere(self, sid: str) -> bool:
        """Whether a socket is in any place."""
        return sid in self._of_socket

    def accounts(self, place: str) -> set[int]:
        """Return the accounts in a place, 0 among them if a visitor is."""
        return {one.account_id for one in self._somebody(place)}

    def languages(self, place: str) -> set[str]:
        """Return the languages of the pages that are open in a place."""
        return {one.language for one in self._somebody(place)}

    def occupied(self, places: Iterable[str]) -> set[str]:
        """Return which of some places somebody is in."""
        return {place for place in places if place in self._places}

    def is_new_to(self, place: str, account_id: int, told: str) -> bool:
        """Note the list of people that somebody is sent; return whether it is new to them.

        Nobody is sent the same list again: it would say that somebody came or went whom they don't
        see.
        """
        digest = ids.digest(told)
        if self._told[place].get(account_id) == digest:
            return False
        self._told[place][account_id] = digest
        return True

    def _somebody(self, place: str) -> set["_Somebody"]:
        return set(self._places.get(place, {}).values())

    def _forget_told(self, place: str, account_id: int) -> None:
        self._told[place].pop(account_id, None)


class SharedPresence(Presence):
    """The same, told to the other processes through Redis; entries of a dead one run out."""

    def __init__(self, redis_url: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._redis = Redis.from_url(
            redis_url, socket_timeout=0.5, socket_connect_timeout=0.5, decode_responses=True
        )
        self._clock = clock

    def enter(self, place: str, sid: str, account_id: int) -> bool:
        self._tell(place, {sid: _Somebody(account_id, current())})
        return super().enter(place, sid, account_id)

    def leave(self, place: str, sid: str) -> None:
        super().leave(place, sid)
        try:
            self._redis.hdel(_key(place), sid)
        except RedisError as problem:
            log.warning("presence_not_shared", problem=type(problem).__name__)

    def refresh(self) -> None:
        """Say again who is here, as every process does each `REFRESH_EVERY_S` seconds."""
        for place, sockets in list(self._places.items()):
            self._tell(place, sockets)

    def _somebody(self, place: str) -> set[_Somebody]:
        here = super()._somebody(place)
        try:
            entries = self._redis.hgetall(_key(place))
        except RedisError as problem:
            log.warning("presence_not_shared", problem=type(problem).__name__)
            return here
        oldest = self._clock() - STALE_AFTER_S
        for entry in entries.values():
            account, seen, *language = str(entry).split(":")
            if float(seen) >= oldest:
                here.add(_Somebody(int(account), language[0] if language else current()))
        return here

    def occupied(self, places: Iterable[str]) -> set[str]:
        asked = list(places)
        here = super().occupied(asked)
        try:
            with self._redis.pipeline(transaction=False) as questions:
                for place in asked:
                    questions.exists(_key(place))
                answers = questions.execute()
        except RedisError as problem:
            log.warning("presence_not_shared", problem=type(problem).__name__)
            return here
        return here | {place for place, there in zip(asked, answers, strict=True) if there}

    def is_new_to(self, place: str, account_id: int, told: str) -> bool:
        digest = ids.digest(told)
        try:
            if self._redis.hget(_told_key(place), str(account_id)) == digest:
                return False
            self._redis.hset(_told_key(place), str(account_id), digest)
            self._redis.expire(_told_key(place), TOLD_FOR_S)
        except RedisError as problem:
            log.warning("presence_not_shared", problem=type(problem).__name__)
        return True

    def _forget_told(self, place: str, account_id: int) -> None:
        try:
            self._redis.hdel(_told_key(place), str(account_id))
        except RedisError as problem:
            log.warning("presence_not_shared", problem=type(problem).__name__)

    def _tell(self, place: str, sockets: dict[str, _Somebody]) -> None:
        entries = {
            sid: f"{one.account_id}:{self._clock():.0f}:{one.language}"
            for sid, one in sockets.items()
        }
        try:
            self._redis.hset(_key(place), mapping=entries)  # type: ignore[arg-type]
            self._redis.expire(_key(place), STALE_AFTER_S)
        except RedisError as problem:
            log.warning("presence_not_shared", problem=type(problem).__name__)


_here = Presence()


def init(redis_url: str) -> None:
    """Know who is where from now on: alone, or together with other processes."""
    global _here
    if redis_url:
        shared = SharedPresence(redis_url)
        periodic.every(REFRESH_EVERY_S, "presence", shared.refresh)
        _here = shared
    else:
        _here = Presence()


def here() -> Presence:
    """Return the presence of this process."""
    return _here


def _key(place: str) -> str:
    return f"forum:here:{place}"


def _told_key(place: str) -> str:
    return f"forum:told:{place}"
