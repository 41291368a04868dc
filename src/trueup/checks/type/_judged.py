"""The types of required columns, judged once for all checks of types."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedColumn, paired_columns
from trueup.checks.wording import blueprint_call, code, places, shown_type
from trueup.compare.column_types import allowed_values, judge_column
from trueup.compare.domains import Exact, domain_of
from trueup.compare.types import TypeVerdict
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding
from trueup.model.names import Severity
from trueup.model.spec import RequiredColumn
from trueup.structs import Struct, replace


class JudgedType(Struct, frozen=True):
    column: PairedColumn
    verdict: TypeVerdict

    @property
    def wanted(self) -> str:
        return self.column.required.type or ""

    @property
    def found(self) -> str:
        """The existing type, with the values that a CHECK allows where the type does not list them."""
        existing = self.column.existing
        values = allowed_values(existing, self.column.table.existing)
        listed = "" if existing.type.lower().startswith(("enum", "set")) else f" of {', '.join(values)}"
        return shown_type(existing.type) + (listed if values else "")


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
    return judge_column(
        column.required,
        column.existing,
        column.table.existing,
        facts.schema.driver,
        column.dialect,
        key=column.is_key,
    )


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
    verdict = judged.verdict
    if verdict.kind == "wider":
        return "Nothing must be done; put the wider type into the specification."
    if verdict.sign_only:
        return f"Write {judged.found.upper()} into the specification, or make the column signed if negative numbers occur."
    both = _holding_both(judged)
    call = blueprint_call(both, judged.column.dialect).removesuffix(";")
    keeping = "with every attribute that is to stay, after looking for values that would not survive"
    return f"Change it with `{call}->change();`, {keeping}."


def _holding_both(judged: JudgedType) -> RequiredColumn:
    """The required column under its existing name; of two decimals, with the digits of both, so that nothing is rounded."""
    column = judged.column
    wanted, found = domain_of(judged.wanted, column.dialect), domain_of(column.existing.type)
    text = column.required.type
    if (
        isinstance(wanted, Exact)
        and isinstance(found, Exact)
        and wanted.digits is not None
        and found.digits is not None
    ):
        scale = max(wanted.scale or 0, found.scale or 0)
        whole = max(wanted.digits - (wanted.scale or 0), found.digits - (found.scale or 0))
        text = f"DECIMAL({whole + scale},{scale})"
    return replace(column.required, name=column.existing.name, type=text)
