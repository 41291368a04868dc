"""The whole text of each report."""

from __future__ import annotations

import pytest

from tests.report.golden import compare
from tests.report.samples import AUDIT, COSTS, PROJECT, SCHEMA, USERS
from trueup.compare.diff import diff
from trueup.model.audit import Audit, Facts
from trueup.model.eloquent import Eloquent
from trueup.model.pairing import Comparison
from trueup.model.schema import Column, Schema
from trueup.model.spec import Specification
from trueup.report import AUDIT_FORMATS, SCHEMA_FORMATS, audit_as, diff_as, schema_as
from trueup.report.showing import Showing
from trueup.structs import replace

ENDINGS = {
    "terminal": "txt",
    "markdown": "md",
    "json": "json",
    "text": "txt",
    "sql": "sql",
    "mermaid": "mmd",
    "dbml": "dbml",
    "sarif": "sarif",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "junit": "xml",
}

EMPTY = Audit(
    Facts(
        replace(PROJECT, framework="", framework_version=""),
        Schema("sqlite"),
        Specification(),
        Comparison(),
        Eloquent(),
    ),
    "sqlite",
    "set by --driver",
)


@pytest.mark.parametrize("form", AUDIT_FORMATS)
def test_audit(form: str) -> None:
    compare(f"audit.{ENDINGS[form]}", audit_as(form, AUDIT))


@pytest.mark.parametrize("form", AUDIT_FORMATS)
def test_audit_of_nothing(form: str) -> None:
    compare(f"empty.{ENDINGS[form]}", audit_as(form, EMPTY))


def test_audit_in_colour_on_a_narrow_terminal() -> None:
    compare("audit.colour.txt", audit_as("terminal", AUDIT, Showing(width=72, color=True)))


@pytest.mark.parametrize("form", SCHEMA_FORMATS)
def test_schema(form: str) -> None:
    compare(f"schema.{ENDINGS[form]}", schema_as(form, SCHEMA))


@pytest.mark.parametrize("form", ["text", "json"])
def test_diff(form: str) -> None:
    after = Schema(
        "mysql",
        (
            replace(
                COSTS,
                columns=(
                    *COSTS.columns[:1],
                    replace(COSTS.columns[1], type="decimal(10,6)"),
                    *COSTS.columns[3:],
                    Column("extra", "int"),
                ),
                indexes=COSTS.indexes[:2],
                foreign_keys=(replace(COSTS.foreign_keys[0], on_delete="set null"),),
                checks=(),
            ),
            replace(USERS, name="people"),
        ),
    )
    text = diff_as(form, "a", "b", SCHEMA, after, diff(SCHEMA, after))
    compare(f"diff.{ENDINGS[form]}", text)


@pytest.mark.parametrize("form", AUDIT_FORMATS)
def test_the_same_audit_gives_the_same_bytes(form: str) -> None:
    assert audit_as(form, AUDIT) == audit_as(form, AUDIT)
