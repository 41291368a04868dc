"""A project whose names are written to hurt whoever reads the report: every format must show them and obey none."""

from __future__ import annotations

import html.parser
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.shop import SCRIPT, SHOP
from tests.project.trees import make
from trueup.cli import run

HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SQL = "users'; DROP TABLE users; --x"
ESCAPES = "\x1b[2J\x1b]0;title\x07\x9b31m"
MARKDOWN = "| ![x](http://127.0.0.1/x.png) [y](javascript:alert(1)) # `"
FORMULA = "=HYPERLINK(cmd|calc!A0)"
COMMAND = "::error file=a::b%0A::set-output name=x::y"
TURNED = "abc\u202ecba"
NAMES = (
    HTML,
    SQL,
    ESCAPES,
    MARKDOWN,
    FORMULA,
    COMMAND,
    TURNED,
    "a]]>b",
    "a\nb",
    "a\r\n::warning::b",
)
BROKEN = b"caf\xe9 \xff\xfe"


def _migration(names: tuple[bytes, ...]) -> bytes:
    quoted = [b"'" + name.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'" for name in names]
    columns = b"".join(b"            $table->float(" + name + b")->nullable();\n" for name in quoted)
    tables = b"".join(
        b"        Schema::create(" + name + b", function (Blueprint $table) {\n" + columns + b"        });\n"
        for name in quoted
    )
    return (
        b"<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Database\\Schema\\Blueprint;\n"
        b"use Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration {\n    public function up(): void {\n"
        + tables
        + b"    }\n};\n"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = (*(name.encode() for name in NAMES), BROKEN)
    model = b"<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\nclass Caf\xe9 extends Model {\n"
    model += (
        b"    protected $table = '"
        + BROKEN
        + b"';\n    protected $casts = ['"
        + HTML.encode()
        + b"' => 'array'];\n}\n"
    )
    return make(
        tmp_path_factory.mktemp("hostile"),
        {
            **SHOP,
            "database/migrations/2024_01_03_000001_create_odd_tables.php": _migration(names),
            "app/Models/Cafe.php": model,
            "docs/SPEC.md": str(SHOP["docs/SPEC.md"]) + f"\n## {HTML}\n\n{ESCAPES}\n\n## Table `{FORMULA}`\n",
        },
    )


def _told(project: Path, form: str, capfdbinary: pytest.CaptureFixture[bytes]) -> str:
    assert run(["audit", str(project), "--format", form, "--no-cache", "--select", "all"]) in (0, 1)
    out, err = capfdbinary.readouterr()
    assert (b"Traceback" in err, b"\x1b" in err) == (False, False)
    return out.decode("utf-8")


@pytest.mark.parametrize(
    "form", ["terminal", "markdown", "sarif", "gitlab", "junit", "github", "html", "json"]
)
def test_no_control_character_gets_out(
    project: Path, form: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    told = _told(project, form, capfdbinary)
    assert "alert(1)" in told  # the names are there, so that this is a test of something
    told = re.sub(r"<script.*?</script>", "", told, flags=re.S)  # the page's own, minified
    assert sorted({c for c in told if ord(c) < 32 and c not in "\n\t\r"}) == []


def test_json_tells_names_as_they_are(project: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    document = json.loads(_told(project, "json", capfdbinary))
    assert {HTML, FORMULA, ESCAPES} - {finding["table"] for finding in document["findings"]} == set()
    assert document["summary"]["crashes"] == []


def test_a_page_has_no_element_of_the_project(
    project: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    class Elements(html.parser.HTMLParser):
        bad: list[object] = []  # noqa: RUF012  # one page, one test

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "img" or any(
                name.startswith("on") or (name in ("href", "src") and "javascript:" in (value or ""))
                for name, value in attrs
            ):
                self.bad.append((tag, attrs))

    page = Elements()
    page.feed(_told(project, "html", capfdbinary))
    assert page.bad == []


def test_markdown_has_no_markup_of_the_project(
    project: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").enable("table").render(_told(project, "markdown", capfdbinary))
    assert [
        bad for bad in ("<script", "<img", 'javascript:alert(1)"', 'href="http://127') if bad in shown
    ] == []


def test_no_line_is_a_command_of_github(project: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = _told(project, "github", capfdbinary).splitlines()
    commands = {line.split("::")[1].split(" ")[0] for line in told if line.startswith("::")}
    assert commands <= {"error", "warning", "notice", "group", "endgroup"}
    assert not any(line.startswith(("::warning::b", "::set-output")) for line in told)


@pytest.mark.parametrize("form", ["jira-csv", "linear-csv"])
def test_a_table_of_tickets_has_no_formula(
    project: Path, form: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    import csv
    import io

    assert run(["tickets", str(project), "--format", form, "--no-remedies"]) in (0, 1)
    out, _ = capfdbinary.readouterr()
    cells = [cell for row in csv.reader(io.StringIO(out.decode())) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t") or cell.startswith("-H")] == []


@pytest.mark.parametrize("form", ["text", "json", "sql", "mermaid", "dbml"])
@pytest.mark.parametrize("driver", ["mysql", "pgsql", "sqlite"])
def test_schemas_are_told_too(
    project: Path, driver: str, form: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["schema", str(project), "--format", form, "--driver", driver]) == 0
    out, _ = capfdbinary.readouterr()
    assert b"alert(1)" in out


@pytest.mark.parametrize(
    "command", ["schema --format sql", "schema --format dbml", "audit --format html", "audit --format sarif"]
)
def test_a_terminal_gets_no_escapes(project: Path, command: str) -> None:
    ours, theirs = os.openpty()
    name, *options = command.split()
    run = subprocess.Popen(
        [str(SCRIPT), name, str(project), *options], stdout=theirs, stderr=subprocess.DEVNULL
    )
    os.close(theirs)
    told = b""
    try:
        while more := os.read(ours, 65536):
            told += more
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert run.wait() in (0, 1)
    assert b"alert(1)" in told
    assert (b"\x1b" in told, b"\x07" in told, b"\xc2\x9b" in told) == (False, False, False)
