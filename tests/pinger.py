"""Asks a running server all the time how it is, and tells how long it once kept silent."""

import http.client
import statistics
import threading
import time

from tests.servers import Server

PAUSE_S = 0.002


class Pinger:
    """A second visitor, who asks for /healthz again and again until told to stop."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._answers: list[tuple[float, float]] = []
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
        return statistics.median(end - start for start, end in self._answers[before:])

    def longest_s(self, since: float) -> float:
        """Return the longest wait for an answer that came after `since`, and the one after it."""
        self.usual_s(answers=2)  # what was asked meanwhile is answered by then
        return max(end - start for start, end in reversed(self._answers) if end >= since)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._stopping.is_set():
            start = time.perf_counter()
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            self._answers.append((start, time.perf_counter()))
            self._stopping.wait(PAUSE_S)
        connection.close()
