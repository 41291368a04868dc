"""Bad input, through the console script: exit code 2 and a message for each, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shop import shop, trueup
from trueup.cli import COMMANDS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", "nowhere"], "trueup audit: nowhere: no such file or folder\n"),
        (["audit", "dcos"], "trueup audit: dcos: no such file or folder (did you mean {root}/docs?)\n"),
        (["schema", "nowhere"], "trueup schema: nowhere: no such file or folder\n"),
        (
            ["audit", "artisan"],
            "trueup audit: artisan: is no audit ticket (a ticket is a Markdown file, .md; a project is a folder)\n",
        ),
        (
            ["audit", "--format", "jsn"],
            "trueup audit: --format: there is no 'jsn' (did you mean 'json'? known: terminal, markdown, json, "
            "sarif, github, gitlab, junit, html)\n",
        ),
        (
            ["schema", "--driver", "postgres", "--format", "yaml"],
            "trueup schema: --driver: there is no 'postgres' (did you mean 'pgsql'? known: mysql, mariadb, pgsql, sqlite)\n"
            "trueup schema: --format: there is no 'yaml' (known: text, json, sql, mermaid, dbml)\n",
        ),
        (
            ["schema", "--at", "orders"],
            "trueup schema: --at: there is no migration 'orders' (did you mean '2024_01_01_000001_create_orders_table'?)\n",
        ),
        (
            ["schema", "--at", "2024_01"],
            "trueup schema: --at: '2024_01' begins 2 migrations (such as 2024_01_01_000001_create_orders_table and "
            "2024_01_02_000001_create_notes_table)\n",
        ),
        (
            ["diff", ".", "oracle://root:secret@localhost/shop"],
            "trueup diff: oracle://localhost/shop: is no database that can be read "
            "(mysql://user:password@host:3306/database, mariadb://…, pgsql://…, sqlite:///path/to/file)\n",
        ),
        (
            ["diff", "."],
            "trueup diff: two schemas are needed (trueup diff A B, or trueup diff PATH --rev A..B)\n",
        ),
        (
            ["diff", "nowhere", "artisan"],
            "trueup diff: nowhere: no such file or folder\n"
            "trueup diff: artisan: is no schema (a project, a folder of migrations, a specification (.md), an SQL file (.sql) "
            "or a database (URL, env:NAME, .env))\n",
        ),
        (
            ["diff", "--rev", "..x"],
            "trueup diff: --rev: '..x' is no range of revisions (such as v1.0..v2.0, or v1.0 for the work tree)\n",
        ),
        (
            ["audit", "--output", "none/report.md"],
            "trueup audit: --output: there is no folder 'none' to write to\n",
        ),
        (
            ["audti"],
            "trueup: there is no command 'audti'; did you mean 'audit'?\n"
            f"Commands: {', '.join(COMMANDS)}. See trueup --help.\n",
        ),
    ],
)
def test_each_mistake_has_its_message(arguments: list[str], message: str, tmp_path: Path) -> None:
    root = shop(tmp_path)
    run = trueup(*arguments, cwd=root)
    assert (run.code, run.out, run.err) == (2, "", message.format(root=root))


def test_a_folder_without_a_project(tmp_path: Path) -> None:
    run = trueup("audit", str(tmp_path))
    expected = f"trueup audit: {tmp_path}: no project here: no composer.json in this folder or above it\n"
    assert (run.code, run.out, run.err) == (2, "", expected)


def test_a_ticket_that_is_none(tmp_path: Path) -> None:
    root = shop(tmp_path, {"notes.md": "Just a note.\n", "picture.md": b"\x89PNG\r\n\x00\x01"})
    run = trueup("audit", "notes.md", cwd=root)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(
        "trueup audit: notes.md:1: not an audit ticket: the file has no headings and no fields (expected"
    )
    run = trueup("audit", "picture.md", cwd=root)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("trueup audit: picture.md:2: is a binary file, not text (expected")


def test_a_configuration_with_three_mistakes_and_a_wrong_option(tmp_path: Path) -> None:
    root = shop(
        tmp_path, {"trueup.toml": 'drivr = "mysql"\nfail_on = "eror"\n\n[severity]\nTBL001 = "fatal"\n'}
    )
    run = trueup("audit", "--driver", "mysq", cwd=root)
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines() == [
        "trueup audit: trueup.toml:1: there is no setting 'drivr' (did you mean 'driver'? known: specs, driver, drivers, "
        "server_version, paths, select, ignore, checks, ignore_paths, ignore_tables, severity, fail_on, baseline, roles, phases)",
        "trueup audit: trueup.toml:2: there is no 'eror' (did you mean 'error'? known: error, warning, never)",
        "trueup audit: trueup.toml:5: there is no 'fatal' (known: error, warning, info)",
        "trueup audit: --driver: there is no 'mysq' (did you mean 'mysql'? known: mysql, mariadb, pgsql, sqlite)",
    ]


def test_options_that_do_not_exist_are_told_with_the_rest(tmp_path: Path) -> None:
    run = trueup("audit", ".", "--drivr", "mysql", "--format=xml", "--deep", cwd=shop(tmp_path))
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines() == [
        "trueup audit: there is no option '--drivr' (did you mean '--driver'?)",
        "trueup audit: there is no option '--deep' (see trueup audit --help)",
        "trueup audit: --format: there is no 'xml' (known: terminal, markdown, json, sarif, github, gitlab, junit, html)",
    ]


def test_an_argument_too_many(tmp_path: Path) -> None:
    run = trueup("schema", ".", "there", cwd=shop(tmp_path))
    assert (run.code, run.err) == (
        2,
        "trueup schema: 'there' is one argument too many (see trueup schema --help)\n",
    )


def test_an_option_without_its_value() -> None:
    run = trueup("schema", "--driver")
    assert (run.code, run.out, run.err) == (
        2,
        "",
        "trueup schema: --driver: expected one argument (see trueup schema --help)\n",
    )


def test_a_check_that_does_not_exist(tmp_path: Path) -> None:
    run = trueup("audit", "--select", "TBL9,COL", cwd=shop(tmp_path))
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("trueup audit: --select: no check has the code 'TBL9'")
