"""Many repositories: what was found in each, now and before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from trueup.model.names import Severity
from trueup.structs import Struct, field

Status = Literal["audited", "refused", "failed"]
"""`refused`: no project, or its configuration is wrong; `failed`: the audit crashed, died or took too long."""


class Repository(Struct, frozen=True):
    """`path` is absolute and real: the same folder under two names is one repository. `owner`: an organisation, a person."""

    path: str
    name: str
    owner: str


class Result(Struct, frozen=True):
    """One audit of one repository. `state` is a digest of the files, options and version that it hangs on, "" where unknown.

    `at` is UTC, ISO 8601. `seconds` as the clock counts, `cpu_seconds` of the audit's own process, `memory_mb` its peak.
    `findings`: code → severity → ids. `gaps`: kind → number, with one example each in `examples`. `failures` are migrations that
    the server would refuse. `problem` says why it was refused or failed."""

    repository: Repository
    status: Status
    at: str
    state: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    framework: str = ""
    driver: str = ""
    inputs: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, Mapping[Severity, tuple[str, ...]]] = field(default_factory=dict)
    gaps: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    failures: int = 0
    cannot_tell: int = 0
    crashes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all findings."""
        return frozenset(
            i for severities in self.findings.values() for ids in severities.values() for i in ids
        )

    def count(self, severity: Severity) -> int:
        """Findings of a severity."""
        return sum(len(severities.get(severity, ())) for severities in self.findings.values())


class Fleet(Struct, frozen=True):
    """The latest result of each repository, sorted by path; `before` the one before it that tells something else, by path.
    `done` were audited in this run, `kept` were known and unchanged."""

    results: tuple[Result, ...]
    before: Mapping[str, Result] = field(default_factory=dict)
    done: int = 0
    kept: int = 0
