"""The probes, one after another on one scratch database."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from trueup.model.proofs import NotBuilt, ProbeCrash, ProbeName, Proof, ProofRun, Workload
from trueup.model.roles import Binding
from trueup.model.schema import Schema
from trueup.prove._confirm import confirmed
from trueup.prove._crew import PROCESSES, Crew
from trueup.prove.bench import Bench
from trueup.prove.registry import Probe, probes
from trueup.redaction import redacted
from trueup.scratch import Scratch, build
from trueup.structs import replace

_ORDER: tuple[ProbeName, ...] = ("record", "enforce", "alert", "keep-whole", "add-up", "grow")
"""What fills the table comes last, so that it need not be emptied."""
_ROWS_A_SECOND = 6_000
_BYTES_A_ROW = 500


def chosen(only: Sequence[ProbeName]) -> tuple[Probe, ...]:
    """The probes that are asked for, all of them where none is, in the order in which they are told."""
    return tuple(p for p in probes() if not only or p.name in only)


def estimate(workload: Workload, only: Sequence[ProbeName] = ()) -> tuple[float, int]:
    """How long the probes take at most on a server of today, in seconds, and how many bytes they need: told beforehand."""
    asked = chosen(only)
    seeded = any(p.name in ("add-up", "grow") for p in asked)
    rows = workload.rows if seeded else 0
    return sum(p.seconds for p in asked) + rows / _ROWS_A_SECOND, 20_000_000 + rows * _BYTES_A_ROW


def run_probes(
    scratch: Scratch,
    schema: Schema,
    binding: Binding,
    workload: Workload,
    *,
    subject: str = "",
    only: Sequence[ProbeName] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> ProofRun:
    """Builds the schema and runs the probes on it. One that fails itself gives a crash and none of its answers."""
    start = time.monotonic()
    tell("building the schema")
    built = build(scratch, schema)
    proofs: dict[ProbeName, tuple[Proof, ...]] = {}
    crashes: list[ProbeCrash] = []
    asked = {p.name: p for p in chosen(only)}
    with Crew(min(PROCESSES, workload.writers)) as crew:
        bench = Bench(scratch, schema, binding, workload, built.tables, tell, crew)
        for name in (n for n in _ORDER if n in asked):
            try:
                proofs[name] = tuple(confirmed(bench, proof) for proof in asked[name].run(bench))
            except Exception as problem:  # a probe must not take the others down: exit code 3 tells of it
                crashes.append(ProbeCrash(name, redacted(f"{type(problem).__name__}: {problem}")))
    run = ProofRun(subject, scratch.driver, scratch.server_version, scratch.url, workload, binding)
    return replace(
        run,
        proofs=tuple(proof for name in asked for proof in proofs.get(name, ())),
        not_built=tuple(NotBuilt(r.table, r.sql, r.reason) for r in built.refused),
        crashes=tuple(crashes),
        seconds=time.monotonic() - start,
    )
