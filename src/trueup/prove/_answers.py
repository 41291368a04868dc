"""How probes put their answers: proofs and the findings that go with them."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.errors import TrueupError
from trueup.model.findings import Finding
from trueup.model.locations import NOWHERE
from trueup.model.names import Effort
from trueup.model.proofs import Evidence, ProbeName, Proof, ProofVerdict, SchemaChange
from trueup.model.schema import Table
from trueup.prove.capabilities import find_capability
from trueup.structs import Struct, field

_CONTRACT = "Make the tables that `trueup contract ai-costs` shows."


class ProbeError(TrueupError):
    """The catalogue of probes is not in order: our mistake, told before any work starts."""


class Answer(Struct):
    """A proof in the making: evidence, changes and findings are gathered, then `proof` says the verdict."""

    probe: ProbeName
    code: str
    capability: str
    evidence: list[Evidence] = field(default_factory=list)
    changes: list[SchemaChange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = find_capability(self.code)
        if known is None or (known.probe, known.title) != (self.probe, self.capability):
            raise ProbeError(f"{self.code} is not known as '{self.capability}' of {self.probe}")

    def saw(self, what: str, result: str, sql: str = "") -> None:
        self.evidence.append(Evidence(what, result, sql))

    def change(self, why: str, *statements: str) -> None:
        self.changes.extend(SchemaChange(why, sql) for sql in statements if sql)

    def blame(
        self,
        table: Table | None,
        column: str,
        message: str,
        *,
        broken: bool,
        expected: str = "",
        found: str = "",
        recommendation: str = "",
        effort: Effort = "S",
    ) -> None:
        """A finding about what is in the way. `broken`: it loses data or lets limits be exceeded; otherwise it will hurt."""
        noun = table.column(column) if table and column else None
        places = [p for p in (noun.at if noun else NOWHERE, table.at if table else NOWHERE) if p != NOWHERE]
        self.findings.append(
            Finding(
                self.code,
                "error" if broken else "warning",
                "capability",
                message,
                table.name if table else "",
                column,
                expected=expected,
                found=found,
                locations=tuple(places[:1]),
                recommendation=recommendation,
                effort=effort,
            )
        )

    def proof(self, verdict: ProofVerdict, reason: str) -> Proof:
        findings = () if verdict == "carried" else tuple(self.findings)
        changes = tuple(dict.fromkeys(self.changes))
        return Proof(self.probe, self.capability, verdict, reason, tuple(self.evidence), changes, findings)


def listed(names: Iterable[object]) -> str:
    """ "a, b and c"."""
    texts = [str(name) for name in names]
    return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def unbound(probe: ProbeName, code: str, capability: str, reason: str, table: Table | None = None) -> Proof:
    """The answer where the schema has nothing to try the capability on."""
    answer = Answer(probe, code, capability)
    answer.blame(
        table,
        "",
        f"{reason[0].upper()}{reason[1:]}.",
        broken=True,
        recommendation="See the contract: trueup contract ai-costs.",
    )
    return answer.proof("not carried", reason)
