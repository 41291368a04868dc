"""What probes answer: whether a schema carries a piece of the real work, with what was measured. Nouns only."""

from __future__ import annotations

from typing import Literal, get_args

from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.model.roles import Binding
from trueup.structs import Struct

ProofVerdict = Literal["carried", "carried with conditions", "not carried", "cannot tell"]
PROOF_VERDICTS: tuple[ProofVerdict, ...] = get_args(ProofVerdict)

ProbeName = Literal["record", "add-up", "enforce", "alert", "keep-whole", "grow"]
PROBE_NAMES: tuple[ProbeName, ...] = get_args(ProbeName)
"""The probes in the order in which they run."""


class Evidence(Struct, frozen=True):
    """One thing that was done and what came of it. `sql` is what was sent to the server, with its values where there are few."""

    what: str
    result: str
    sql: str = ""


class SchemaChange(Struct, frozen=True):
    """A change that the verdict calls for: what it is good for, and its DDL on the server that was asked."""

    why: str
    sql: str


class Proof(Struct, frozen=True):
    """The answer for one capability. `reason` is one sentence that stands alone. `findings` name the columns, keys and types that
    are in the way; there are none where the verdict is "carried"."""

    probe: ProbeName
    capability: str
    verdict: ProofVerdict
    reason: str
    evidence: tuple[Evidence, ...] = ()
    changes: tuple[SchemaChange, ...] = ()
    findings: tuple[Finding, ...] = ()


class Workload(Struct, frozen=True):
    """How much is done. `rows`: the largest table; `writers`: the most at once; `seed` makes the same rows every time; `load` is
    the requests a second for which growth is told."""

    rows: int = 100_000
    writers: int = 32
    seed: int = 1
    load: float = 1.0


class NotBuilt(Struct, frozen=True):
    """A statement of the schema that the server refused."""

    table: str
    sql: str
    reason: str


class ProbeCrash(Struct, frozen=True):
    """A probe that failed itself: its answer is missing, and the exit code is 3."""

    probe: ProbeName
    problem: str


class ProofRun(Struct, frozen=True):
    """`subject` is what was asked: a project's folder or a contract. `server` is the server's own version text, `place` its URL
    without user and password. `seconds` is how long the probes took."""

    subject: str
    driver: Driver
    server: str
    place: str
    workload: Workload
    binding: Binding
    proofs: tuple[Proof, ...] = ()
    not_built: tuple[NotBuilt, ...] = ()
    crashes: tuple[ProbeCrash, ...] = ()
    seconds: float = 0.0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, gravest first, each once."""
        found = {f.id: f for proof in self.proofs for f in proof.findings}
        return tuple(sorted(found.values(), key=lambda f: f.sort_key))
