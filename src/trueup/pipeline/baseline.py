"""A baseline: the findings of an earlier audit, which are known and not told again."""

from __future__ import annotations

import json

from trueup.errors import ConfigError, Mistake
from trueup.model.findings import Finding


def read_baseline(path: str) -> frozenset[str]:
    """The ids of the findings in a `trueup.audit/1` report; empty without a path. Raises ConfigError where it is none."""
    if not path:
        return frozenset()
    expected = "a report written by trueup audit --format json"
    try:
        with open(path, encoding="utf-8") as file:
            read = json.load(file)
    except (OSError, ValueError) as problem:
        raise ConfigError(Mistake(path, f"the baseline can't be read: {problem}", expected)) from problem
    if (
        not isinstance(read, dict)
        or read.get("format") != "trueup.audit/1"
        or not isinstance(read.get("findings"), list)
    ):
        raise ConfigError(Mistake(path, "is no baseline", expected))
    return frozenset(str(f["id"]) for f in read["findings"] if isinstance(f, dict) and "id" in f)


def without_known(findings: tuple[Finding, ...], known: frozenset[str]) -> tuple[tuple[Finding, ...], int]:
    """The findings that are new, and how many were known."""
    new = tuple(finding for finding in findings if finding.id not in known)
    return new, len(findings) - len(new)
