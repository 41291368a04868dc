"""What a check of your own is written with: one Python file, one decorated function. docs/own-checks.md shows one.

    from collections.abc import Iterator

    from trueup.plugins import Facts, Finding, Verdict, check

    @check(code="ACME001", title="A table has no comment", severity="info", category="table")
    def no_comment(facts: Facts) -> Iterator[Verdict]:
        for table in facts.schema.tables:
            if not table.comment:
                yield Finding("ACME001", "info", "table", f"`{table.name}` has no comment.", table=table.name)

`trueup audit --check FILE` runs it with the others."""

from __future__ import annotations

from collections.abc import Callable

from trueup.checks.registry import CODE, Check, CheckFunction
from trueup.errors import RegistrationMistake
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.locations import Location
from trueup.model.names import CATEGORIES, SEVERITIES, Category, Severity

__all__ = [
    "CannotTell",
    "Category",
    "Facts",
    "Finding",
    "Location",
    "Severity",
    "Verdict",
    "check",
]

MARK = "__trueup_check__"


def check(
    *,
    code: str,
    title: str,
    severity: Severity,
    category: Category,
    why: str = "",
    fix: str = "",
) -> Callable[[CheckFunction], CheckFunction]:
    """Marks a function as a check: facts in, verdicts out. `code` is three to five capital letters and three digits that no other
    check has; `severity` the gravest that it gives; `why` and `fix` are what `trueup explain` tells.

    Raises RegistrationMistake for a malformed code and for a severity or category that does not exist."""

    def mark(function: CheckFunction) -> CheckFunction:
        mistakes = [
            *([] if CODE.fullmatch(code) else [f"{code!r} is no code like ACME001"]),
            *(
                []
                if severity in SEVERITIES
                else [f"there is no severity {severity!r}: {', '.join(SEVERITIES)}"]
            ),
            *(
                []
                if category in CATEGORIES
                else [f"there is no category {category!r}: {', '.join(CATEGORIES)}"]
            ),
        ]
        if mistakes:
            raise RegistrationMistake("; ".join(mistakes))
        flowed = (" ".join(why.split()), " ".join(fix.split()))
        made = Check(code, title, severity, category, *flowed, (), function, function.__module__)
        setattr(function, MARK, made)
        return function

    return mark
