"""However people come and go, a group's counter tells the truth."""

import threading
from contextlib import suppress

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core.errors import Refusal
from forum.groups import service
from tests.support.suite.thoroughness import examples
from tests.support.worlds import group_world
from tests.support.worlds.group_world import OPEN, World, person, viewer, world

PEOPLE = ("outsider", "member", "facilitator", "moderator", "elsewhere", "administrator")
steps = st.tuples(
    st.sampled_from(["join", "leave", "remove", "invite", "ask", "accept", "role", "erase"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(PEOPLE),
)


def test_the_count_is_the_truth_after_any_history(app: Flask) -> None:
    made = world(app)
    number = iter(range(10_000))

    @settings(
        max_examples=examples(40),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.sampled_from(["open", "approval", "hidden"]), st.lists(steps, max_size=25))
    def any_history(kind: str, history: list[tuple[str, str, str]]) -> None:
        slug = f"group-{next(number)}"
        made.groups[slug] = service.create_group(None, slug=slug, name=slug, visibility=kind)
        service.set_role(None, made.groups[slug], made.people["moderator"], "moderator")
        for verb, who, whom in history:
            with suppress(Refusal):
                do(made, made.groups[slug], verb, who, whom)
            assert made.group(slug).member_count == len(made.members(slug))

    any_history()


def do(made: World, group_id: int, verb: str, who: str, whom: str) -> None:
    """Let somebody do something, perhaps to somebody else."""
    actor, other = made.who(who), made.people[whom]
    match verb:
        case "join":
            service.join(actor, group_id)
        case "leave":
            service.leave(actor, group_id)
        case "remove":
            group_world.remove_member(actor, group_id, other)
        case "invite":
            service.join_by_invitation(made.who(whom), service.invite(actor, group_id))
        case "ask":
            service.ask_to_join(actor, group_id)
        case "accept":
            service.accept_request(actor, group_id, other)
        case "role":
            group_world.set_role(actor, group_id, other, "facilitator")
        case "erase":
            service.erase(other)


def test_people_who_come_and_go_at_once_are_counted_once_each(app: Flask) -> None:
    made = world(app)
    everybody = [viewer(person(f"guest{number}")) for number in range(8)]
    refused: list[BaseException] = []

    def come_and_go(number: int) -> None:
        try:
            for _ in range(3):
                service.join(everybody[number % 8], made.groups[OPEN])
                service.leave(everybody[number % 8], made.groups[OPEN])
            service.join(everybody[number % 8], made.groups[OPEN])
        except BaseException as problem:
            refused.append(problem)

    crowd = [threading.Thread(target=come_and_go, args=(number,)) for number in range(16)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert not refused
    assert made.group(OPEN).member_count == len(made.members(OPEN))


def test_a_link_for_three_lets_three_in_however_many_press_at_once(app: Flask) -> None:
    made = world(app)
    token = service.invite(made.who("moderator"), made.groups["a-hidden-group"], uses=3)
    crowd = [viewer(person(f"guest{number}")) for number in range(10)]
    before = len(made.members("a-hidden-group"))

    def follow(number: int) -> None:
        with suppress(Refusal):
            service.join_by_invitation(crowd[number], token)

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made.members("a-hidden-group")) == before + 3
    assert made.group("a-hidden-group").member_count == before + 3
