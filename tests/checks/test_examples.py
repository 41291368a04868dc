"""Every check finds in its own examples exactly what they state, through the real readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.running import SERVER, audited
from trueup.checks.examples import Example, Expected
from trueup.checks.registry import Check, catalogue
from trueup.model.findings import Finding

EXAMPLES = [
    pytest.param(check, example, id=f"{check.code}-{number}-{example.title}")
    for check in catalogue()
    for number, example in enumerate(check.examples, 1)
]


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_example(check: Check, example: Example, tmp_path: Path) -> None:
    result = audited(example, check, tmp_path)
    assert result.crashes == ()
    assert sorted(map(stated, result.findings), key=repr) == sorted(example.findings, key=repr)
    assert bool(result.cannot_tell) is example.cannot_tell


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_every_finding_can_be_acted_on(check: Check, example: Example, tmp_path: Path) -> None:
    for finding in audited(example, check, tmp_path).findings:
        assert finding.code == check.code
        assert finding.message.endswith(".")
        assert "\n" not in finding.message
        assert finding.expected
        assert finding.found
        assert finding.recommendation.endswith(".")
        assert finding.locations
        assert all(place.file == SERVER or (tmp_path / place.file).is_file() for place in finding.locations)


def stated(finding: Finding) -> Expected:
    return Expected(
        finding.severity, finding.message, finding.table, finding.column, finding.index, finding.model
    )
