"""Asks a running server all the time how it is, and tells how long it once kept silent."""

import http.client
import statistics
import threading
import time
from pathlib import Path

from tests.support.servers.real_servers import Server

PAUSE_S = 0.002
NS = 1_000_000_000


class Pinger:
    """A second visitor, who asks for /healthz again and again until told to stop.

    Time in which either of the two was ready to go on and other programs had all cores does not
    count: what is asked is how long the server itself kept silent.
    """

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._worker = server.worker
        self._answers: list[tuple[float, float, float]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> "Pinger":
        self._thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._stopping.set()
        self._thread.join()

    def usual_s(self, answers: int = 200) -> float:
        """Wait for so many answers, and return the seconds that one usually takes (the median)."""
        before = len(self._answers)
        while len(self._answers) < before + answers:
            assert self._thread.is_alive()
            self._stopping.wait(PAUSE_S)
        return statistics.median(wait for _, _, wait in self._answers[before:])

    def longest_s(self, since: float) -> float:
        """Return the longest wait for an answer that came after `since`, and the one after it."""
        self.usual_s(answers=2)  # what was asked meanwhile is answered by then
        return max(wait for _, end, wait in self._answers if end >= since)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        here, there = threading.get_native_id(), self._worker
        while not self._stopping.is_set():
            held_up_s = _held_up_s(here) + _held_up_s(there)
            start = time.perf_counter()
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            end = time.perf_counter()
            held_up_s = _held_up_s(here) + _held_up_s(there) - held_up_s
            self._answers.append((start, end, end - start - held_up_s))
            self._stopping.wait(PAUSE_S)
        connection.close()


def _held_up_s(thread: int) -> float:
    """Return for how many seconds a thread was ready to run and had to wait for a core."""
    return int(Path(f"/proc/{thread}/schedstat").read_text().split()[1]) / NS
