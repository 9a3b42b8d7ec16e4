"""The pages of the forum as each reader sees them, loaded whole."""

from collections.abc import Iterator

from tests.support.permissions import matrix_addresses
from tests.support.permissions.matrix_world import World
from tests.support.permissions.page_addresses import PAGES

ROLES = ("visitor", "member", "facilitator", "moderator_elsewhere", "administrator")


def pages(world: World, role: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the HTML of each whole page that somebody may see."""
    client = world.client(role)
    seen = set[str]()
    for rule in PAGES:
        answer = client.get(matrix_addresses.address(world, rule), follow_redirects=True)
        address = answer.request.full_path.rstrip("?")
        if answer.mimetype == "text/html" and address not in seen and rule != "/rail":
            seen.add(address)
            yield address, answer.text
