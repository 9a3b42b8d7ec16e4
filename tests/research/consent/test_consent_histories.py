"""Whatever people agree to, do, withdraw and leave: a release holds what they permit, all of it."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.research.consent_histories import CONSENTS, WHERE, WHO, History
from tests.support.suite.thoroughness import examples

STEPS = st.one_of(
    st.tuples(st.just("post"), WHO, WHERE),
    st.tuples(st.just("post"), WHO, WHERE),
    st.tuples(st.just("agree"), WHO, st.sampled_from(CONSENTS)),
    st.tuples(st.just("agree"), WHO, st.sampled_from(CONSENTS)),
    st.tuples(st.just("withdraw"), WHO, st.booleans()),
    st.tuples(st.just("leave"), WHERE),
    st.tuples(st.just("close")),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, max_size=14))
def test_no_release_ever_holds_a_row_without_the_consent_that_permits_it(
    app: Flask, steps: list[tuple[str, *tuple[int, ...]]]
) -> None:
    history = History()
    for verb, *facts in steps:
        getattr(history, verb)(*facts)
    history.release()
