"""A name from elsewhere that is an address or a number becomes no handle that everybody reads."""

import re

import pytest
from flask import Flask

from forum.importing import imported_names


@pytest.mark.parametrize(
    "name", ["josé@example.org", "jo.smith@mail.example.co.uk", "+44 20 7946 0123", "020 7946 0123"]
)
def test_no_handle_tells_an_address_or_a_number(app: Flask, name: str) -> None:
    assert re.fullmatch(r"member-[0-9a-f]{8}", imported_names.free_handle(name))


@pytest.mark.parametrize("name", ["moth_1987", "user12345", "jo.smith", "me at home"])
def test_names_that_only_hold_digits_or_dots_stay_near(app: Flask, name: str) -> None:
    assert not imported_names.free_handle(name).startswith("member-")
