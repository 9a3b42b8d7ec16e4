"""Long work that gives way lets in what others have sent meanwhile."""

import subprocess
import sys

SERVER = """
from gevent import monkey
monkey.patch_all()
import gevent, socket, time
from forum.core.cooperation import give_way

ours, theirs = socket.socketpair()
answered = []
gevent.spawn(lambda: answered.append(ours.recv(1)))
gevent.sleep(0.01)
theirs.send(b"x")
for steps in range(1, 51):
    until = time.perf_counter() + 0.02
    while time.perf_counter() < until:
        pass
    give_way()
    if answered:
        break
print(steps)
"""


def test_what_comes_in_is_answered_between_two_steps() -> None:
    run = [sys.executable, "-c", SERVER]
    steps = int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    assert steps <= 3
