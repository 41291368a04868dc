"""One question to both sides: do Trueup and the real framework say the same of these migrations?"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.facets import Difference, differences, oracle_facets, schema_facets
from tests.support.oracle import Oracle
from tests.support.replaying import replay_texts
from trueup.model.locations import Gap
from trueup.model.names import Driver


@dataclass(frozen=True, slots=True)
class Verdict:
    """`differences` are the facts that only one side has; `gaps` what Trueup could not read; `real` and `ours` the failing
    migrations with each side's reason; `facts` counts the server's."""

    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]
    real: dict[str, str]
    ours: dict[str, str]
    facts: int

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.gaps

    def __str__(self) -> str:
        lines = [str(difference) for difference in self.differences]
        lines += [f"gap {gap.at}: {gap.reason}" for gap in self.gaps]
        lines += [f"really failed: {name}: {reason}" for name, reason in self.real.items()]
        lines += [f"we predicted:  {name}: {reason}" for name, reason in self.ours.items()]
        return "\n".join(lines)


def compare(oracle: Oracle, driver: Driver, files: Mapping[str, str]) -> Verdict:
    result = oracle.run(driver, files)
    with tempfile.TemporaryDirectory(prefix="trueup-case-") as folder:
        schema = replay_texts(
            Path(folder), driver, files, result.framework.lstrip("v"), result.server_version
        )
    real = oracle_facets(result, driver)
    return Verdict(
        differences=differences(schema_facets(schema), real),
        gaps=schema.gaps,
        real=result.failed,
        ours={failure.migration: f"{failure.reason} ({failure.at})" for failure in schema.failures},
        facts=sum(map(len, real.values())),
    )
