"""Long work that gives way lets in what others have sent meanwhile."""

import subprocess
import sys

import pytest

SERVER = """
from gevent import monkey
monkey.patch_all()
import gevent, socket, sys, time
from forum.core.cooperative_yielding import give_way, in_turns

ours, theirs = socket.socketpair()
answered = []
gevent.spawn(lambda: answered.append(ours.recv(1)))
gevent.sleep(0.01)
theirs.send(b"x")
in_turn = sys.argv[1] == "in turns"
for steps in in_turns(range(1, 51)) if in_turn else range(1, 51):
    until = time.perf_counter() + 0.02
    while time.perf_counter() < until:
        pass
    if not in_turn:
        give_way()
    if answered:
        break
print(steps)
"""


@pytest.mark.parametrize("way", ["each", "in turns"])
def test_what_comes_in_is_answered_between_two_steps(way: str) -> None:
    run = [sys.executable, "-c", SERVER, way]
    steps = int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    assert steps <= 3


SOCKET = """
from gevent import monkey
monkey.patch_all()
import gevent, socket, sys, time
from wsproto import ConnectionType, WSConnection
from wsproto.events import Request, TextMessage
from forum.core.realtime import websockets

whole = sys.argv[1] == "whole"
ours, theirs = socket.socketpair()
here, there = socket.socketpair()
steps, answered = [], []


def answer():
    theirs.recv(1)
    answered.append(len(steps))


def work():
    until = time.perf_counter() + 0.02
    while time.perf_counter() < until:
        pass
    steps.append(1)
    if len(steps) == 2:
        ours.send(b"x")
    return True


class Reader:
    sid = "one"

    def read(self, wanted):
        while wanted.wait() is not None:
            work()


client = WSConnection(ConnectionType.CLIENT)
request = client.send(Request(host="x", target="/"))
lines = dict(line.split(": ") for line in request.decode().split("\\r\\n")[1:] if ": " in line)
environ = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in lines.items()}
environ |= {"gunicorn.socket": there, "REQUEST_METHOD": "GET", "PATH_INFO": "/"}
count = (lambda _sid: True) if whole else (lambda _sid: work())
make = websockets.bounded(1_000_000, count)
gevent.spawn(answer)
gevent.spawn(lambda: make(Reader().read, None)(environ, None))
gevent.sleep(0.05)
client.receive_data(here.recv(10_000))
list(client.events())
size = 10 if whole else 4_000
part = TextMessage("x" * size, message_finished=whole)
here.sendall(b"".join(client.send(part) for _ in range(20)))
while len(steps) < 20 and not answered:
    gevent.sleep(0.01)
print(answered[0] if answered else len(steps))
"""


@pytest.mark.parametrize("messages", ["whole", "parts"])
def test_nobody_waits_for_a_socket_that_sends_without_a_pause(messages: str) -> None:
    run = [sys.executable, "-c", SOCKET, messages]
    steps = int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    assert steps <= 5
