"""Random migrations: Trueup and the real framework agree on what they build and on which of them fail."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.oracle import Oracle
from tests.support.random_migrations import Steps, files, migration_steps, show_steps
from tests.support.reduction import reduce_steps
from tests.support.witness import compare
from trueup.model.names import Driver

EXAMPLES = 60


# The same examples in every run, made small by our own reduction; benchmarks/random_migrations.py looks for new ones.
@pytest.mark.parametrize("driver", ["sqlite", "mysql", "pgsql"])
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=migration_steps())
def test_both_sides_agree(oracle: Oracle, driver: Driver, steps: Steps) -> None:
    if compare(oracle, driver, files(steps)).agrees:
        return
    small = reduce_steps(steps, lambda less: not compare(oracle, driver, files(less)).agrees)
    pytest.fail(f"{compare(oracle, driver, files(small))}\n{show_steps(small)}")
