"""What tools read: SARIF, GitHub's commands and summary, GitLab's code quality, JUnit; with names that would break each of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.report.samples import AUDIT
from tests.report.test_golden import EMPTY
from trueup.checks.registry import catalogue, find_check
from trueup.model.acceptance import Acceptance, Accepted, Change, Suppressed
from trueup.model.audit import Audit, Crash
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.report import audit_as
from trueup.report.github import job_summary
from trueup.report.showing import Showing
from trueup.structs import replace

SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
)

EVIL = "<script>alert(1)</script>\n]]>\x1b[31m::error::100%,a:b\r\x00\ufffe \U0001f600 \u202e | `x` &amp;"
HOSTILE = Finding(
    "COL001",
    "error",
    "column",
    f"The table {EVIL} has no column.",
    table=EVIL,
    column="a,b:c%",
    expected=EVIL,
    found="]]>",
    locations=(Location("app/ü #1%?.php", 3, 7), Location("database/<x>.php", 9)),
    recommendation="Add it.",
)
BARE = Finding("CFG001", "warning", "config", "Said of the project as a whole.")
LIVE = Finding("LIV001", "info", "live", "On a server.", locations=(Location("mysql://db.example/shop", 0),))
ACCEPTED = Suppressed(
    replace(HOSTILE, code="KEY002"), Acceptance("baseline", f"because {EVIL}", "Ann", "2999-01-01")
)
HARD = Audit(
    EMPTY.facts,
    "mysql",
    "set by --driver",
    findings=(HOSTILE, BARE, LIVE),
    crashes=(Crash(f"TYP001 {EVIL}", EVIL),),
    suppressed=(ACCEPTED,),
    expired=(Accepted("0" * 16, "KEY001", "t", "", Acceptance("baseline", "old", "Ann", "2020-01-01")),),
    checked=("COL001", "CFG001", "LIV001", "TBL001", "KEY002"),
)
AUDITS = {"sample": AUDIT, "empty": EMPTY, "hostile": HARD}
IN_FOLDER = Showing(prefix="packages/shop/", version="1.2.3")


@pytest.mark.parametrize("name", AUDITS)
def test_sarif_is_valid(name: str) -> None:
    document = json.loads(audit_as("sarif", AUDITS[name], IN_FOLDER))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)


def test_a_sarif_schema_that_refuses() -> None:
    document = json.loads(audit_as("sarif", HARD, IN_FOLDER))
    document["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate(document)


def test_a_result_in_sarif() -> None:
    run = json.loads(audit_as("sarif", HARD, IN_FOLDER))["runs"][0]
    first, second, third = run["results"]
    assert (first["ruleId"], run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"], first["level"]) == (
        "COL001",
        "COL001",
        "error",
    )
    assert first["partialFingerprints"] == {
        "primaryLocationLineHash": f"{HOSTILE.id}:1",
        "trueupFinding/v1": HOSTILE.id,
    }
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "packages/shop/app/%C3%BC%20%231%25%3F.php", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert [r["physicalLocation"]["artifactLocation"]["uri"] for r in first["relatedLocations"]] == [
        "packages/shop/database/%3Cx%3E.php"
    ]
    # What is in no file of the repository stands at composer.json.
    for result in (second, third):
        assert result["locations"][0]["physicalLocation"] == {
            "artifactLocation": {"uri": "packages/shop/composer.json", "uriBaseId": "SRCROOT"},
            "region": {"startLine": 1},
        }
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["properties"]["suppressed"] == [
        {"id": ACCEPTED.finding.id, "code": "KEY002", "by": "baseline", "reason": ACCEPTED.acceptance.reason}
    ]


def test_rules_in_sarif_help() -> None:
    check = find_check("COL001")
    assert check is not None
    rules = json.loads(audit_as("sarif", HARD))["runs"][0]["tool"]["driver"]["rules"]
    rule = next(r for r in rules if r["id"] == "COL001")
    assert rule["shortDescription"] == {"text": check.title}
    assert rule["fullDescription"] == {"text": check.why}
    assert check.fix in rule["help"]["text"]
    assert check.fix in rule["help"]["markdown"]
    assert [r["id"] for r in rules] == ["CFG001", "COL001", "LIV001"]


def test_a_fingerprint_survives_a_moved_line() -> None:
    moved = replace(HARD, findings=(replace(HOSTILE, locations=(Location("app/other.php", 99),)),))
    before, after = (json.loads(audit_as("sarif", a))["runs"][0]["results"][0] for a in (HARD, moved))
    assert before["partialFingerprints"] == after["partialFingerprints"]


# GitHub


def unescaped(text: str) -> str:
    """As the runner reads a command's message or property."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^:]*)::(?P<data>.*)")


def test_github_commands() -> None:
    lines = audit_as("github", HARD, IN_FOLDER).splitlines()
    read = [match for line in lines if (match := COMMAND.fullmatch(line))]
    assert [m["name"] for m in read] == ["error", "warning", "notice", "error"]
    properties = dict(part.split("=", 1) for part in read[0]["properties"].split(","))
    assert {name: unescaped(value) for name, value in properties.items()} == {
        "file": "packages/shop/app/ü #1%?.php",
        "line": "3",
        "col": "7",
        "title": "COL001 <script>alert(1)</script>\n]]>\\x1b[31m::error::100%,a:b\r\\x00\\xfffe 😀 \\x202e | `x` &amp;.a,b:c%",
    }
    assert unescaped(read[0]["data"]).startswith(
        "The table <script>alert(1)</script> ]]>\\x1b[31m::error::100%,a:b "
    )
    assert read[2]["properties"] == "file=packages/shop/composer.json,line=1,title=LIV001"


def test_nothing_of_the_project_becomes_a_command_of_its_own() -> None:
    text = audit_as("github", HARD)
    assert sum(1 for line in text.splitlines() if line.startswith("::")) == len(HARD.findings) + len(
        HARD.crashes
    )
    assert "\x1b" not in text
    assert "\r" not in text


def test_the_summary_of_a_job() -> None:
    text = job_summary(replace(HARD, change=Change("main", "", (BARE,), 4)))
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "\x1b" not in text
    lines = text.splitlines()
    assert lines[0] == "## Database audit: acme/shop"
    assert "- 1 accepted finding not told: 1 in the baseline." in lines
    assert "- No longer accepted: KEY001 t, accepted by Ann until 2020-01-01: old" in lines
    assert (
        "- Only what main..the work tree brings in is told: 4 findings were there before, 1 is gone." in lines
    )
    row = next(line for line in lines if line.startswith("| warning |"))
    assert row == "| warning | CFG001 | Said of the project as a whole. |  |"


def test_a_summary_stays_below_what_github_takes() -> None:
    many = tuple(replace(HOSTILE, key=str(n), message="x" * 900) for n in range(2_000))
    text = job_summary(replace(HARD, findings=many))
    assert len(text.encode()) < 1_048_576
    assert "and 1,800 more findings: `trueup audit --format markdown` lists them all." in text


# GitLab and JUnit


def test_gitlab() -> None:
    entries = json.loads(audit_as("gitlab", HARD, IN_FOLDER))
    assert [(e["check_name"], e["severity"], e["location"], e["fingerprint"]) for e in entries] == [
        ("COL001", "critical", {"path": "packages/shop/app/ü #1%?.php", "lines": {"begin": 3}}, HOSTILE.id),
        ("CFG001", "major", {"path": "packages/shop/composer.json", "lines": {"begin": 1}}, BARE.id),
        ("LIV001", "info", {"path": "packages/shop/composer.json", "lines": {"begin": 1}}, LIVE.id),
        (
            "trueup",
            "blocker",
            {"path": "packages/shop/composer.json", "lines": {"begin": 1}},
            "trueup-crash-0",
        ),
    ]
    assert all("\x1b" not in e["description"] and "\n" not in e["description"] for e in entries)


def test_junit() -> None:
    text = audit_as("junit", HARD, Showing(failing=("error", "warning")))
    root = ElementTree.fromstring(text)
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
    }
    cases = [(c.get("classname"), [child.tag for child in c]) for c in root.iter("testcase")]
    assert cases == [
        ("trueup.COL001", ["failure"]),
        ("trueup.CFG001", ["failure"]),
        ("trueup.LIV001", ["system-out"]),
        ("trueup.KEY002", ["skipped"]),
        ("trueup.crash", ["error"]),
        ("trueup.TBL001", []),
    ]
    failure = next(root.iter("failure"))
    assert "<script>alert(1)</script>" in (failure.get("message") or "")
    assert "]]>" in (failure.text or "")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", text)


def test_in_junit_what_does_not_fail_the_command_fails_no_test() -> None:
    root = ElementTree.fromstring(audit_as("junit", HARD, Showing(failing=())))
    assert root.get("failures") == "0"
    assert root.get("errors") == "1"


def test_every_check_can_be_a_rule() -> None:
    findings = tuple(Finding(c.code, c.severity, c.category, "m") for c in catalogue())
    document = json.loads(audit_as("sarif", replace(EMPTY, findings=findings)))
    jsonschema.Draft4Validator(SCHEMA).validate(document)
    assert len(document["runs"][0]["tool"]["driver"]["rules"]) == len(findings)
