"""Exports: whole texts, links between tickets, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import json

import pytest

from trueup.model.findings import Finding
from trueup.model.tickets import Draft, Work
from trueup.tickets.export import export, neutralised

FINDING = Finding("TBL001", "error", "table", "`orders` is not there.", table="orders")
FIRST = Draft(
    Work("create table orders", "Implementation", "create table", ("orders",), (FINDING,), hours=2.5),
    10,
    "create-orders",
    "i/10-create-orders.md",
    "Create orders",
    "# Create\n",
    "Small",
)
SECOND = Draft(
    Work(
        "table tests orders",
        "Test Implementation",
        "table tests",
        ("orders",),
        covers=(FINDING,),
        needs=("create table orders",),
        hours=1.5,
    ),
    30,
    "test-orders",
    "t/30-test-orders.md",
    "Test orders",
    "=cmd|' /C calc'!A0\n",
    "Small",
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("10 Create", "10 Create"),
        ("", ""),
    ],
)
def test_cells(cell: str, expected: str) -> None:
    assert neutralised(cell) == expected


def rows(form: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(export(form, [FIRST, SECOND]), newline="")))


def test_jira() -> None:
    assert rows("jira-csv") == [
        [
            *("Issue Id", "Issue Type", "Summary", "Description", "Priority", "Labels", "Labels", "Labels"),
            *("Original Estimate", "Inward issue link (Blocks)"),
        ],
        ["10", "Task", "10 Create orders", "# Create\n", "High", "database", "implementation", "error", "9000", ""],
        ["30", "Task", "30 Test orders", "'=cmd|' /C calc'!A0\n", "High", "database", "test-implementation", "error", "5400", "10"],
    ]  # fmt: skip


def test_linear() -> None:
    assert rows("linear-csv") == [
        ["Title", "Description", "Priority", "Status", "Labels", "Estimate", "Blocked by"],
        ["10 Create orders", "# Create\n", "High", "Backlog", "database, implementation, error", "3", ""],
        [
            "30 Test orders",
            "'=cmd|' /C calc'!A0\n",
            "High",
            "Backlog",
            "database, test-implementation, error",
            "2",
            "10",
        ],
    ]


def test_github() -> None:
    assert [json.loads(line) for line in export("github", [FIRST]).splitlines()] == [
        {"title": "10 Create orders", "body": "# Create\n", "labels": ["database", "implementation", "error"]}
    ]


def test_json() -> None:
    assert json.loads(export("json", [FIRST, SECOND])) == {
        "format": "trueup.tickets/1",
        "tickets": [
            {
                "number": 10, "key": "create table orders", "phase": "Implementation", "kind": "create table",
                "title": "Create orders", "file": "i/10-create-orders.md", "tables": ["orders"], "findings": [FINDING.id],
                "covers": [], "after": [], "hours": 2.5, "effort": "Small", "severity": "error", "text": "# Create\n",
            },
            {
                "number": 30, "key": "table tests orders", "phase": "Test Implementation", "kind": "table tests",
                "title": "Test orders", "file": "t/30-test-orders.md", "tables": ["orders"], "findings": [],
                "covers": [FINDING.id], "after": [10], "hours": 1.5, "effort": "Small", "severity": "error",
                "text": "=cmd|' /C calc'!A0\n",
            },
        ],
    }  # fmt: skip
