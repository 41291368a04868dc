"""Whole runs of the console script: output, exit codes, the same bytes each time, and a project that stays as it was."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.shop import SPECIFICATION, migration, shop, state_of, trueup
from trueup.cli import COMMANDS

ORDERS = "database/migrations/2024_01_01_000001_create_orders_table.php"


def found(root: Path, *arguments: str) -> dict[str, object]:
    run = trueup("audit", str(root), "--format", "json", *arguments)
    assert run.err == ""
    document: dict[str, object] = json.loads(run.out)
    return document


def codes(document: dict[str, object]) -> list[tuple[str, str, str]]:
    findings = document["findings"]
    assert isinstance(findings, list)
    return [(f["code"], f["table"], f["column"]) for f in findings]


def test_the_version_and_the_help() -> None:
    assert trueup("--version").out == "trueup 0.1.0\n"
    helped = trueup("--help")
    assert (helped.code, helped.err) == (0, "")
    listed = [line.split()[0] for line in helped.out.splitlines() if line.startswith("  ")]
    assert listed == [*COMMANDS, "--version", "--help"]
    assert trueup("audit", "--help").code == 0


def test_an_audit_finds_what_differs_and_exits_with_1(tmp_path: Path) -> None:
    run = trueup("audit", str(shop(tmp_path)), "--format", "json")
    assert (run.code, run.err) == (1, "")
    document = json.loads(run.out)
    assert document["project"] == {"root": ".", "framework": "laravel", "driver": "mysql"}
    assert document["inputs"]["specs"] == ["docs/SPEC.md"]
    assert [(row["table"], row["status"]) for row in document["inventory"]] == [
        ("orders", "present"),
        ("notes", "extra"),
    ]
    assert ("TYP001", "orders", "total") in codes(document)


def test_fail_on_decides_the_exit_code(tmp_path: Path) -> None:
    root = str(shop(tmp_path))
    assert trueup("audit", root, "--fail-on", "never").code == 0
    assert trueup("audit", root, "--select", "TBL003").code == 0


def test_a_baseline_takes_known_findings_out(tmp_path: Path) -> None:
    root = shop(tmp_path / "shop")
    first = found(root)
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps(first))
    second = found(root, "--baseline", str(baseline))
    assert second["findings"] == []
    inputs, known = second["inputs"], first["findings"]
    assert isinstance(inputs, dict)
    assert isinstance(known, list)
    assert inputs["known"] == len(known)
    assert trueup("audit", str(root), "--baseline", str(baseline)).code == 0


def test_a_ticket_is_answered_criterion_by_criterion(tmp_path: Path) -> None:
    run = trueup("audit", str(shop(tmp_path) / "docs" / "tickets" / "7-audit.md"), "--format", "json")
    document = json.loads(run.out)
    criteria = document["summary"]["criteria"]
    assert [(c["file"], c["line"], c["state"], c["how"]) for c in criteria] == [
        ("docs/tickets/7-audit.md", 14, "answered", "1 required table, 1 present; 1 further table"),
        ("docs/tickets/7-audit.md", 15, "not answered", "`trueup audit` only reads: it creates no tickets"),
    ]
    assert "TKT001" in [finding["code"] for finding in document["findings"]]


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_two_runs_give_the_same_bytes_and_leave_the_project_alone(form: str, tmp_path: Path) -> None:
    root = shop(tmp_path)
    before = state_of(root)
    first = trueup("audit", str(root), "--format", form)
    second = trueup("audit", str(root), "--format", form)
    assert first == second
    assert state_of(root) == before
    told = [
        line for line in first.out.splitlines() if not line.lstrip().startswith("trueup ")
    ]  # what to type next
    assert not any(str(root) in line for line in told)


def test_output_goes_to_a_file_whole(tmp_path: Path) -> None:
    root = shop(tmp_path / "shop")
    written = tmp_path / "report.md"
    run = trueup("audit", str(root), "--format", "markdown", "--output", str(written))
    assert (run.code, run.out, run.err) == (1, "", "")
    assert written.read_text() == trueup("audit", str(root), "--format", "markdown").out
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_migration_cut_off_in_the_middle_is_a_gap(tmp_path: Path) -> None:
    root = shop(tmp_path, {ORDERS: migration("orders", "decimal('total', 8, 2)")[:420]})
    run = trueup("audit", str(root), "--format", "json")
    assert run.code in (0, 1)
    document = json.loads(run.out)
    assert {gap["file"] for gap in document["gaps"]} == {ORDERS}
    assert "not readable as PHP" in [gap["reason"] for gap in document["gaps"]]
    assert ("TBL001", "orders", "") not in codes(document)


def test_broken_sql_in_the_specification_is_told_with_its_line(tmp_path: Path) -> None:
    broken = SPECIFICATION.replace("total DECIMAL(10,4) NOT NULL", "total DECIMAL(10,,4 NOT NULL")
    run = trueup("audit", str(shop(tmp_path, {"docs/SPEC.md": broken})), "--format", "json")
    assert run.code in (0, 1)
    document = json.loads(run.out)
    places = [place for finding in document["findings"] for place in finding["locations"]] + document["gaps"]
    assert [
        place["line"] for place in places if place["file"] == "docs/SPEC.md" and place["line"] in (4, 6)
    ] != []


def test_hostile_files_are_gaps(tmp_path: Path) -> None:
    root = shop(
        tmp_path,
        {
            "app/Models/Latin.php": "<?php // caf\xe9\nclass Latin {}\n".encode("latin-1"),
            "app/Broken.php": b"\x00\xff<?php",
        },
    )
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path.parent)
    run = trueup("audit", str(root), "--format", "json")
    assert (run.code, run.err) == (1, "")
    assert [gap["file"] for gap in json.loads(run.out)["gaps"]] == ["out"]


def test_the_schema_of_each_driver_and_format(tmp_path: Path) -> None:
    root = str(shop(tmp_path))
    for driver, kind in (("mysql", "decimal(8,2)"), ("pgsql", "numeric(8,2)"), ("sqlite", "numeric")):
        run = trueup("schema", root, "--driver", driver, "--format", "json")
        assert (run.code, run.err) == (0, "")
        document = json.loads(run.out)
        assert (document["format"], document["driver"], document["framework"]) == (
            "trueup.schema/1",
            driver,
            "laravel 12.25.0",
        )
        orders = next(table for table in document["tables"] if table["name"] == "orders")
        assert [(c["name"], c["type"]) for c in orders["columns"]][1] == ("total", kind)
    for form in ("text", "sql", "mermaid", "dbml"):
        assert "orders" in trueup("schema", root, "--format", form).out


def test_the_schema_at_a_point_in_history(tmp_path: Path) -> None:
    run = trueup(
        "schema", str(shop(tmp_path)), "--format", "json", "--at", "2024_01_01_000001_create_orders_table"
    )
    assert [table["name"] for table in json.loads(run.out)["tables"]] == ["orders"]


def test_the_schema_of_a_folder_of_migrations(tmp_path: Path) -> None:
    root = shop(tmp_path)
    whole = json.loads(trueup("schema", str(root), "--format", "json").out)
    assert (
        json.loads(trueup("schema", str(root / "database" / "migrations"), "--format", "json").out) == whole
    )
    (root / "composer.json").unlink()
    (root / "composer.lock").unlink()
    alone = json.loads(trueup("schema", str(root / "database" / "migrations"), "--format", "json").out)
    assert [table["name"] for table in alone["tables"]] == [table["name"] for table in whole["tables"]]


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


def test_a_diff_of_revisions(tmp_path: Path) -> None:
    root = shop(tmp_path)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "tag", "v1")
    (root / ORDERS).write_text(migration("orders", "decimal('total', 10, 4)", "string('currency', 3)"))
    before = state_of(root)
    run = trueup("diff", str(root), "--rev", "v1")
    assert (run.code, run.err) == (1, "")
    assert "~ column total: type decimal(8,2) → decimal(10,4)" in run.out
    assert state_of(root) == before
    git(root, "commit", "-qam", "second")
    assert trueup("diff", str(root), "--rev", "v1..HEAD").out.splitlines()[2:] == [
        line.replace("the work tree", "HEAD") for line in run.out.splitlines()[2:]
    ]
    assert trueup("diff", str(root), "--rev", "HEAD..HEAD").code == 0
    missing = trueup("diff", str(root), "--rev", "v9")
    assert (missing.code, missing.err) == (2, f"trueup diff: --rev: there is no revision 'v9' in {root}\n")


def test_a_diff_of_a_specification_and_an_sql_file(tmp_path: Path) -> None:
    root = shop(
        tmp_path,
        {
            "dump.sql": "CREATE TABLE `orders` (`id` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;\n"
        },
    )
    run = trueup("diff", str(root / "docs" / "SPEC.md"), str(root / "dump.sql"))
    assert (run.code, run.err) == (1, "")
    assert [line.strip().split("  (")[0] for line in run.out.splitlines()[3:6]] == [
        "orders",
        "- column total decimal(10,4) not null",
        "- column currency char(3) not null",
    ]


def test_explain(tmp_path: Path) -> None:
    run = trueup("explain", "tbl001", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("TBL001  A required table is missing\n")
    assert "TBL001" in trueup("explain").out
    assert trueup("explain", "TBL999").code == 2
