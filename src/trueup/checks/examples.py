"""The examples that a check carries: small projects, failing and clean, from which its tests and its page are computed."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from trueup.model.names import Driver, Severity
from trueup.structs import Struct

SPECIFICATION = "docs/SPECIFICATION.md"
TICKET = "docs/tickets/1-audit.md"
_COMPOSER = '{"name": "acme/example", "require": {"laravel/framework": "^12.0"}}\n'


class Expected(Struct, frozen=True):
    """A finding that an example must bring: all of it but locations and advice."""

    severity: Severity
    message: str
    table: str = ""
    column: str = ""
    index: str = ""
    model: str = ""


class GivenLive(Struct, frozen=True):
    """A live database: the statements that made it, the migrations that its table of migrations names (None: it has no such
    table), how often an index ("table.index") or a table ("table") was read, and a table's rows."""

    sql: str
    ran: tuple[str, ...] | None = ()
    reads: tuple[tuple[str, int], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()


class Given(Struct, frozen=True):
    """A small project. `files` are (path, text) pairs, scaffolding included; `shown` is what a page shows of it, as
    (caption, language, text). `ticket` is the audit ticket's path or ""; `specifications` those of the documents; `others` are
    the servers beside `driver` that the migrations are tried on."""

    files: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str, str], ...]
    driver: Driver
    specifications: tuple[str, ...]
    ticket: str
    others: tuple[Driver, ...] = ()
    live: GivenLive | None = None


class Example(Struct, frozen=True):
    """What the check must say of a project: exactly `findings`, and "cannot tell" if and only if `cannot_tell`."""

    title: str
    given: Given
    findings: tuple[Expected, ...] = ()
    cannot_tell: bool = False


def failing(title: str, given: Given, *findings: Expected) -> Example:
    """An example in which the check must find exactly `findings`, one at least."""
    if not findings:
        raise ValueError(f"the failing example {title!r} expects nothing")
    return Example(title, given, findings)


def clean(title: str, given: Given) -> Example:
    """An example in which the check must find nothing."""
    return Example(title, given)


def unsure(title: str, given: Given) -> Example:
    """An example in which the check must find nothing and say that it cannot tell."""
    return Example(title, given, cannot_tell=True)


def given(
    *,
    sql: str = "",
    document: str = "",
    migration: str = "",
    migrations: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    ticket: str = "",
    driver: Driver = "mysql",
    others: tuple[Driver, ...] = (),
    live: GivenLive | None = None,
) -> Given:
    """A Laravel project from its telling parts. `sql` is the specification's one SQL block, `document` a whole specification
    instead; `migration` is the body of the only migration's `up()`, `migrations` more of them by name (a text that begins with
    "<?php" is a whole file); `files` are others by path; `ticket` is the audit ticket's Markdown; `live` what a server has."""
    shown: list[tuple[str, str, str]] = []
    written = {"composer.json": _COMPOSER}
    specification = (
        _block(document) if document else (f"# Specification\n\n```sql\n{_block(sql)}```\n" if sql else "")
    )
    if specification:
        written[SPECIFICATION] = specification
        shown.append(("The specification", "markdown" if document else "sql", _block(document or sql)))
    for name, body in {
        **({"2024_01_01_000000_first": migration} if migration else {}),
        **(migrations or {}),
    }.items():
        text = _block(body)
        written[f"database/migrations/{name}.php"] = text if text.startswith("<?php") else _migration(text)
        shown.append((f"The migration `{name}`", "php", text))
    for path, body in (files or {}).items():
        written[path] = _block(body)
        shown.append((f"`{path}`", path.rsplit(".", 1)[-1], _block(body)))
    if ticket:
        written[TICKET] = _block(ticket)
        shown.append(("The ticket", "markdown", _block(ticket)))
    if live:
        shown.extend(_live_shown(live))
    documents = (SPECIFICATION,) if specification else ()
    target = TICKET if ticket else ""
    return Given(tuple(sorted(written.items())), tuple(shown), driver, documents, target, others, live)


def _live_shown(live: GivenLive) -> list[tuple[str, str, str]]:
    shown = [("What the live database has", "sql", _block(live.sql))] if live.sql else []
    if live.ran is None:
        return [*shown, ("Its table of migrations", "text", "(there is none)\n")]
    shown.append(
        ("Its table of migrations", "text", "".join(f"{name}\n" for name in live.ran) or "(empty)\n")
    )
    counts = [
        *(f"{name}: read {n} times" for name, n in live.reads),
        *(f"{t}: {n} rows" for t, n in live.rows),
    ]
    return [*shown, ("Its statistics", "text", "".join(f"{c}\n" for c in counts))] if counts else shown


def _block(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"


def _migration(body: str) -> str:
    return (
        "<?php\n\n"
        "use Illuminate\\Database\\Migrations\\Migration;\n"
        "use Illuminate\\Database\\Schema\\Blueprint;\n"
        "use Illuminate\\Support\\Facades\\DB;\n"
        "use Illuminate\\Support\\Facades\\Schema;\n\n"
        "return new class extends Migration\n{\n    public function up(): void\n    {\n"
        + textwrap.indent(body, " " * 8)
        + "    }\n\n    public function down(): void\n    {\n        // undone by hand\n    }\n};\n"
    )
