"""The types of required columns, judged once for all checks of types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trueup.checks.subjects import PairedColumn, paired_columns
from trueup.checks.wording import blueprint_call, code, places, shown_type
from trueup.compare.types import TypeVerdict, judge_type
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding
from trueup.model.names import Severity


@dataclass(frozen=True, slots=True)
class JudgedType:
    column: PairedColumn
    verdict: TypeVerdict

    @property
    def wanted(self) -> str:
        return self.column.required.type or ""

    @property
    def found(self) -> str:
        values = self.column.existing.values
        listed = (
            f" ({', '.join(values)})"
            if values and not self.column.existing.type.lower().startswith(("enum", "set"))
            else ""
        )
        return shown_type(self.column.existing.type) + listed


def judged_types(facts: Facts, code_of_check: str) -> Iterator[JudgedType | CannotTell]:
    """Every required type that the document states with what exists. A type that could not be read is "cannot tell"."""
    for column in paired_columns(facts):
        if column.required.type is None:
            continue
        if "type" in column.existing.unknown:
            reason = "its type could not be read"
            yield CannotTell(code_of_check, column.shown, reason, column.existing.at, column.table.name)
            continue
        verdict = _judge(facts, column)
        if verdict.kind == "unknown":
            reason = f"{column.required.type} against {column.existing.type}: {verdict.reason}"
            yield CannotTell(code_of_check, column.shown, reason, column.required.at, column.table.name)
        else:
            yield JudgedType(column, verdict)


def _judge(facts: Facts, column: PairedColumn) -> TypeVerdict:
    verdict = judge_type(
        column.required.type,
        column.existing.type,
        facts.schema.driver,
        column.dialect,
        required_values=column.required.values,
        existing_values=_values(column),
        key=column.is_key,
    )
    # A diagram's "int" or "string" names a kind of type, not its size.
    if column.required.loose_type and verdict.kind in ("narrower", "wider"):
        return TypeVerdict("compatible")
    return verdict


def _values(column: PairedColumn) -> tuple[str, ...]:
    """An ENUM's values, which servers without ENUM keep in a CHECK."""
    if column.existing.values:
        return column.existing.values
    name = column.existing.name.lower()
    lists = (c.values for c in column.table.existing.checks if [n.lower() for n in c.columns] == [name])
    return next((v for v in lists if v), ())


def finding(judged: JudgedType, check: str, severity: Severity) -> Finding:
    column = judged.column
    return Finding(
        check,
        severity,
        "type",
        f"{code(column.shown)} is {judged.found} where {judged.wanted} is required: {judged.verdict.reason}.",
        table=column.table.name,
        column=column.required.name,
        expected=judged.wanted,
        found=judged.found,
        locations=places(column.required.at, column.existing.at),
        recommendation=_advice(judged),
        effort="S",
    )


def _advice(judged: JudgedType) -> str:
    if judged.verdict.kind == "wider":
        return "Nothing must be done; put the wider type into the specification."
    call = blueprint_call(judged.column.required, judged.column.dialect).replace(
        f"'{judged.column.required.name}'", f"'{judged.column.existing.name}'", 1
    )
    return f"Change it with `{call.removesuffix(';')}->change();` after looking for values that would not survive."
