"""Somebody reads on at once, before the server has written how far they came."""

from tests.support.servers.live_thread import make_ops_world, reply
from tests.support.servers.real_servers import Server


def test_the_next_page_begins_with_what_is_new(shared_server: Server) -> None:
    server, room = shared_server, make_ops_world(shared_server, 2)
    for number in range(24):
        assert reply(server, room, 0, key=f"reply-{number}").status_code == 201
    reader, here = room.connections[1], f"{server.url}/threads/{room.thread_id}"
    reader.headers["Accept"] = "text/html"
    first = reader.get(here, timeout=10).text
    assert 'data-number="20"' in first
    assert 'id="first-new"' not in first
    page = reader.get(f"{here}?page=2", timeout=10).text
    assert page.index('id="first-new"') < page.index('data-number="21"')
    assert 'id="first-new"' not in reader.get(f"{here}?page=2", timeout=10).text
