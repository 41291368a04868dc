"""What a client asks for, checked: names with the nearest right one, pages with bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypedDict, TypeVar

from trueup.config import nearest
from trueup.errors import Mistake, UserError
from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.names import Severity

Item = TypeVar("Item")

PAGE = 25
"""Items of a page where nothing is said."""
MOST = 100
"""Items of a page at most."""
PAGE_CHARACTERS = 40_000
"""Characters of a page of text."""
PASTED_CHARACTERS = 200_000
"""Characters that a client may paste for one trial."""

_MIGRATION = re.compile(r"\d{4}_\d{2}_\d{2}_\d{6}_\w+")


class PageFields(TypedDict):
    """The fields that tell where a page stands."""

    total: int
    offset: int
    next_offset: int | None


def page_of(items: Sequence[Item], offset: int, limit: int) -> tuple[list[Item], PageFields]:
    """The items of a page, and where it stands."""
    end = offset + limit
    left = end if end < len(items) else None
    return list(items[offset:end]), {"total": len(items), "offset": offset, "next_offset": left}


def text_page(text: str, page: int) -> tuple[str, int]:
    """Page `page` (from 1) of a text, broken at line ends where there are any, and the number of pages. Raises UserError."""
    pages: list[str] = [""]
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), PAGE_CHARACTERS):
            piece = line[start : start + PAGE_CHARACTERS]
            if len(pages[-1]) + len(piece) > PAGE_CHARACTERS:
                pages.append("")
            pages[-1] += piece
    if not 1 <= page <= len(pages):
        raise UserError(Mistake("page", f"there is no page {page}", f"1 to {len(pages)}"))
    return pages[page - 1], len(pages)


def table_names(audit: Audit, table: str) -> frozenset[str]:
    """The names, in lower case, that the table goes by: the required one and the existing one. Raises UserError for an unknown."""
    wanted, known = table.lower(), set[str]()
    names = {wanted}
    for row in audit.inventory:
        pair = {row.table, row.matched} - {""}
        known |= pair
        if wanted in {n.lower() for n in pair}:
            names |= {n.lower() for n in pair}
    known |= {t.name for t in audit.facts.schema.tables} | {f.table for f in audit.findings if f.table}
    known |= {site.table for site in audit.facts.queries.sites if site.table}
    if wanted not in {n.lower() for n in known}:
        raise UserError(Mistake("table", f"there is no table '{table}'", nearest(table, sorted(known))))
    return frozenset(names)


def files_named(audit: Audit, file: str) -> str:
    """The path relative to the project of a file or folder that the audit has read. Raises UserError for an unknown."""
    project = audit.facts.project
    path = file.replace("\\", "/").removeprefix(f"{project.root}/").removeprefix("./").rstrip("/")
    known = {*project.files, *project.documents, *(at.file for f in audit.findings for at in f.locations)}
    known |= {gap.at.file for gap in audit.gaps}
    if path not in known and not any(name.startswith(f"{path}/") for name in known):
        same = [name for name in sorted(known) if name.rsplit("/", 1)[-1] == path.rsplit("/", 1)[-1]]
        meant = f"did you mean '{same[0]}'?" if same else nearest(path, sorted(known))
        raise UserError(Mistake("file", f"the audit has read no file or folder '{file}'", meant))
    return path


def is_in(path: str, file: str) -> bool:
    """Whether `file` is the file or in the folder `path`."""
    return file == path or file.startswith(f"{path}/")


def findings_asked(
    audit: Audit, table: str, file: str, code: str, severity: Severity | None, text: str
) -> list[Finding]:
    """The findings that fit everything that is given. Raises UserError with all unknown names."""
    names, path, mistakes = frozenset[str](), "", list(mistakes_in_code(code))
    try:
        names = table_names(audit, table) if table else names
    except UserError as problem:
        mistakes.extend(problem.mistakes)
    try:
        path = files_named(audit, file) if file else path
    except UserError as problem:
        mistakes.extend(problem.mistakes)
    if mistakes:
        raise UserError(*mistakes)
    return [
        f
        for f in audit.findings
        if (not names or f.table.lower() in names)
        and (not path or any(is_in(path, at.file) for at in f.locations))
        and f.code.startswith(code.upper())
        and severity in (None, f.severity)
        and text.lower() in f.message.lower()
    ]


def mistakes_in_code(code: str) -> Iterable[Mistake]:
    from trueup.checks.registry import catalogue

    codes = [check.code for check in catalogue()]
    if code and not any(known.startswith(code.upper()) for known in codes):
        yield Mistake("code", f"no check has the code '{code}'", nearest(code.upper(), codes))


def migration_name(audit: Audit, name: str) -> str:
    """The path of a new migration: `name` as given, else one after all others. Raises UserError."""
    from trueup.remedies.conventions import conventions_of
    from trueup.sources.laravel.migrations.files import migration_files

    style = conventions_of(audit.facts)
    if not name:
        return f"{style.folder}/{style.next_name('proposed')}"
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".php")
    if not _MIGRATION.fullmatch(stem):
        raise UserError(
            Mistake("name", f"'{name}' is no migration's name", "such as 2024_01_31_120000_add_x")
        )
    if any(file.name == stem for file in migration_files(audit.facts.project)):
        raise UserError(
            Mistake("name", f"the migration '{stem}' is there already", "a new migration is tried")
        )
    return f"{style.folder}/{stem}.php"


def code_files(audit: Audit, code: dict[str, str]) -> dict[str, str]:
    """The files of code that a trial reads in place of those on disk. Raises UserError with every path that is none."""
    project = audit.facts.project
    mistakes: list[Mistake] = []
    for path in sorted(code):
        parts = path.split("/")
        if path.startswith("/") or "\\" in path or "\0" in path or {"", ".", ".."} & set(parts):
            mistakes.append(Mistake("code", f"'{path}' is no path inside the project", "app/Models/User.php"))
        elif not path.endswith(".php"):
            mistakes.append(
                Mistake("code", f"'{path}' is no PHP file", "models, factories and other classes")
            )
        elif parts[0] == "config" or any(is_in(f.path, path) for f in project.migration_folders):
            expected = "a new migration is given as `migration`"
            mistakes.append(Mistake("code", f"'{path}' is no class: it is read once, at the start", expected))
    if mistakes:
        raise UserError(*mistakes)
    return dict(sorted(code.items()))
