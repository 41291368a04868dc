"""The review: what was shown and what was approved, by hash and with the date, kept at the end of the plan's file. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Literal

from trueup.model.tickets import Change
from trueup.structs import Struct, replace
from trueup.tickets.marks import digest

Gate = Literal["plan", "tickets"]
Deed = Literal["shown", "approved"]

HEADING = "## Review"
_RECORD = re.compile(
    r"^- (?P<deed>shown|approved) (?P<date>\d{4}-\d\d-\d\d): (?P<gate>plan|tickets) (?P<digest>[0-9a-f]{16})\b.*$"
)


class Record(Struct, frozen=True):
    """`digest` is that of the plan's text, or of everything that the approval of tickets would write."""

    deed: Deed
    date: str
    gate: Gate
    digest: str


class PlanFile(Struct, frozen=True):
    """`body` is the plan as a person reads it. `written` is the digest of the plan as it was made, so that an edit shows."""

    body: str
    written: str
    records: tuple[Record, ...] = ()

    @property
    def digest(self) -> str:
        return digest(self.body)

    @property
    def edited(self) -> bool:
        return self.digest != self.written

    def approved(self, gate: Gate, what: str) -> Record | None:
        return next((r for r in self.records if (r.deed, r.gate, r.digest) == ("approved", gate, what)), None)

    def shown(self, gate: Gate) -> str:
        """The digest of what was shown last, "" if nothing was."""
        return next((r.digest for r in reversed(self.records) if (r.deed, r.gate) == ("shown", gate)), "")

    def adding(self, deed: Deed, gate: Gate, what: str, today: str) -> PlanFile:
        """With a record more, once: of what was shown, the last one only."""
        record = Record(deed, today, gate, what)
        kept = tuple(r for r in self.records if deed != "shown" or (r.deed, r.gate) != ("shown", gate))
        same = next((r for r in self.records if replace(r, date=today) == record), None)
        return (
            self
            if same and (deed == "approved" or self.shown(gate) == what)
            else replace(self, records=(*kept, record))
        )


def read_plan(text: str) -> PlanFile | None:
    """None where the file is no plan that Trueup wrote."""
    body, found, rest = text.partition(f"\n{HEADING}\n")
    records = [m for line in rest.split("\n") if (m := _RECORD.match(line))] if found else []
    mark = re.search(r"<!-- trueup plan: [^\n<]*? -->", rest)
    if not found or mark is None:
        return None
    written = re.search(r"text ([0-9a-f]{16})", mark[0])
    return PlanFile(
        body.strip("\n") + "\n",
        written[1] if written else "",
        tuple(Record(_deed(m["deed"]), m["date"], _gate(m["gate"]), m["digest"]) for m in records),
    )


def _deed(text: str) -> Deed:
    return "approved" if text == "approved" else "shown"


def _gate(text: str) -> Gate:
    return "plan" if text == "plan" else "tickets"


def plan_text(plan: PlanFile, ticket: str) -> str:
    """The file: the plan, then the review with its records."""
    lines = [
        "What was shown and approved, with the first 16 digits of its SHA-256. An approval holds for exactly that text.",
        "",
        *(f"- {r.deed} {r.date}: {r.gate} {r.digest}" for r in plan.records),
    ]
    end = f"<!-- trueup plan: {re.sub(r'[>;]|--', ' ', ticket)}; text {plan.written} -->"
    return f"{plan.body.rstrip()}\n\n{HEADING}\n\n" + "\n".join(lines).rstrip() + f"\n\n{end}\n"


def of_changes(changes: Iterable[Change]) -> str:
    """16 hex digits over everything that would be written: paths, deeds and texts."""
    parts = [f"{c.action}\x1f{c.path}\x1f{c.after if c.after is not None else chr(30)}" for c in changes]
    return hashlib.sha256("\x1e".join(sorted(parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
