"""State machines of hypothesis, run against one application."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.support.suite import thoroughness


def run(machine: type[RuleBasedStateMachine], *, examples: int, steps: int, **given: Any) -> None:
    """Try so many histories of so many steps; `given` is what each finds on itself."""
    run_state_machine_as_test(
        type("OnThisApp", (machine,), given),
        settings=settings(
            max_examples=thoroughness.examples(examples),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
