"""Which documents are the specification: those that the ticket names, those given by `--spec`, or those found under docs/,
under database/ and on the top.

Found documents count only if they define tables (SQL, a migration, a table of columns, a diagram) and are dedicated to it:
their name or title says specification, schema, database, data model, ERD or requirements. READMEs, tutorials, change logs,
audit reports, sprint and ticket files are not specifications, whatever they quote. What lies in a hidden folder (`.claude`,
`.docs`) is written for tools and may be about anything: it counts if there is no other, and if the migrations make most of its
tables."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from trueup.errors import Mistake, TargetError
from trueup.model.spec import SpecDocument
from trueup.model.ticket import Ticket, TicketLink
from trueup.sources.markdown.words import label
from trueup.sources.spec.document import WHOLE_FILES, read_document
from trueup.sources.spec.reader import MAX_BYTES, decoded

_READABLE = (*WHOLE_FILES, "md", "markdown", "mdx", "txt", "rst")
_MAY_DEFINE = re.compile(
    r"(?i)create\s+(?:temporary\s+)?table|schema::(?:create|table)|\berdiagram\b"
    r"|^[ \t]*+table[ \t]++[\w\".`]++[^\n{]*+\{|^[ \t]*+\|?[ \t]*+:?--|\b(?:varchar|bigint|integer|string|timestamps?)\b",
    re.MULTILINE,
)
"""The last but one is the line below the header of any table, in whatever language that is written."""
_SURELY_DEFINES = re.compile(r"(?i)create\s+table\s+\S+\s*\(|schema::create\(|\berdiagram\b")
_SIGNS = ("create table", "schema::create(", "erdiagram")
"""What `_SURELY_DEFINES` finds holds one of these: a quick look before a slow one."""
_DEDICATED = re.compile(
    r"\b(specification|specifications|spec|specs|schema|schemas|database|databases|db|data model"
    r"|data models|datamodel|erd|er diagram"
    r"|entity relationship|requirements|prd|data dictionary|tables|datenbank|datenmodell|base de datos|esquema|modelo de datos"
    r"|diccionario de datos|banco de dados|modelo de dados|dicionário de dados|base de données|schéma|modèle de données"
    r"|basis data|basisdata|skema|kamus data|veritabanı|cơ sở dữ liệu|базы данных|база данных)\b"
    r"|データベース|テーブル(?:定義|設計|仕様|構成)|数据库|數據庫|데이터베이스"
)
_NEVER = re.compile(
    r"\b(readme|changelog|change log|changes|upgrade|upgrading|contributing|license|security|tutorial"
    r"|tutorials|guide|guides|getting started|installation"
    r"|quick start|quickstart|how to|howto|examples?|faq|troubleshooting|performance|audit|audits|report"
    r"|reports|compliance|inventory|gap analysis"
    r"|analysis|findings|sprint\d*[a-z]?|done|retrospective|minutes|release notes|review|tickets?|template"
    r"|todo|roadmap|legacy|análisis|analisis|análise|panduan|guía|backups?|archives?|archived|old|testing|tests|cheat ?sheet"
    r"|blog|news|issues|cdm|ldm|conceptual|logical)\b"
)
_FOLDERS = (
    "docs",
    "doc",
    "documentation",
    "spec",
    "specs",
    "specification",
    "design",
    "architecture",
    "database",
)
_COLUMN_TYPES = re.compile(
    r"(?i)create\s+table\s+\S+\s*\(|schema::create\(|\berdiagram\b|\b(?:varchar|bigint|bigincrements|foreignid|timestamps?)\b"
)
_CREATES = re.compile(r"\bcreate\(\s*+['\"](\w++)['\"]")
_MOST = 0.75
_TARGET = re.compile(r"(?i)\btarget\b|\bspecifications?\b|\bspec\b|\bschema\b")


def find_documents(
    root: str,
    documents: Sequence[str],
    ticket: Ticket | None = None,
    explicit: Sequence[str] = (),
    migrations: Sequence[str] = (),
) -> tuple[SpecDocument, ...]:
    """In order of precedence. `root` absolute; `documents` are the project's Markdown files, relative to it; `explicit` the
    values of `--spec`, relative to the root or to the working directory, or absolute; `migrations` the project's, relative.

    Raises TargetError for every `--spec` that can't be used, all at once."""
    chosen = [*_of_ticket(ticket), *_explicit(root, explicit, documents, target=ticket is None)]
    if not chosen:
        chosen = list(_found(root, documents)) or list(_found_hidden(root, documents, migrations))
    return _without_repeats(chosen)


# Named by the ticket


def _of_ticket(ticket: Ticket | None) -> Iterator[SpecDocument]:
    """Its existing documents: the target (the entry that calls itself target, specification or schema, else the first) in
    front."""
    if ticket is None:
        return
    links = [n for n in ticket.links if _is_document(n, ticket)]
    target = next((n for n in links if _listed(n) and re.search(r"(?i)\btarget\b", n.text)), None)
    target = target or next(
        (n for n in links if _listed(n) and _DEDICATED.search(_name_words(n.path or ""))), None
    )
    target = target or next((n for n in links if _DEDICATED.search(_name_words(n.path or ""))), None)
    target = target or next((n for n in links if _listed(n)), None)
    for link in sorted(
        links, key=lambda n: (n.path != (target.path if target else None), not _listed(n), n.at.line)
    ):
        path = link.path or ""
        is_target = target is not None and path == target.path
        place = f'"{link.list}", line {link.at.line}' if link.list else f"line {link.at.line}"
        why = (
            f"named by the ticket as its target ({place})" if is_target else f"named by the ticket ({place})"
        )
        yield SpecDocument(path, why, is_target)


def _listed(link: TicketLink) -> bool:
    return label(link.list).startswith("related") or label(link.list) in ("references", "links")


def _is_document(link: TicketLink, ticket: Ticket) -> bool:
    path = link.path or ""
    if (
        not link.exists
        or "*" in path
        or link.planned
        or path == ticket.path
        or (ticket.template and path == ticket.template.path)
    ):
        return False
    if os.path.splitext(path)[1].lstrip(".").lower() not in _READABLE or path.lower().endswith(".php"):
        return False
    words = _name_words(path)
    folder = path.rpartition("/")[0].lower()
    is_ticket = re.search(r"(?:^|/)tickets(?:/|$)", folder) is not None
    return not is_ticket and not re.search(
        r"\b(audit|report|compliance report|inventory|template|done|changelog)\b", words
    )


# Given by --spec


def _explicit(
    root: str, explicit: Sequence[str], documents: Sequence[str], target: bool
) -> Iterator[SpecDocument]:
    mistakes: list[Mistake] = []
    found: list[SpecDocument] = []
    for given in explicit:
        path = next(
            (p for p in (os.path.join(root, given), os.path.abspath(given)) if os.path.isfile(p)), None
        )
        problem = (
            _unusable(path)
            if path
            else "is a folder"
            if os.path.isdir(os.path.join(root, given))
            else "no such file"
        )
        if path is None or problem:
            mistakes.append(Mistake(f"--spec {given}", problem, _nearest(given, documents)))
        else:
            relative = os.path.relpath(path, root).replace(os.sep, "/")
            found.append(
                SpecDocument(path if relative.startswith("..") else relative, "--spec", target and not found)
            )
    if mistakes:
        raise TargetError(*mistakes)
    yield from found


def _unusable(path: str) -> str:
    try:
        if os.path.getsize(path) > MAX_BYTES:
            return f"longer than {MAX_BYTES // 1_000_000} MB"
        with open(path, "rb") as stream:
            head = stream.read(4000)
    except OSError as error:
        return f"can't be read: {error.strerror or error}"
    return (
        "a binary file, no document" if b"\x00" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff") else ""
    )


def _nearest(given: str, documents: Sequence[str]) -> str:
    import difflib

    by_name = {d.rsplit("/", 1)[-1].lower(): d for d in documents}
    close = difflib.get_close_matches(given.rsplit("/", 1)[-1].lower(), sorted(by_name), 1, 0.6)
    return f"did you mean {by_name[close[0]]}?" if close else "expected a Markdown, SQL or DBML file"


# Found under docs/


def _found(root: str, documents: Sequence[str]) -> Iterator[SpecDocument]:
    dedicated: list[tuple[str, int]] = []
    others: list[str] = []
    for path in sorted({*documents, *_diagram_files(root)}):
        text = _text(root, path)
        if not _is_dedicated(path, _first_heading(text)):
            others += [path] if _surely_defines(text) else []
        elif _MAY_DEFINE.search(text) and (defines := _number_defined(text, path)):
            dedicated.append((path, defines))
    rest = (
        f"; {len(others)} more that define tables are no dedicated specifications: {', '.join(others[:4])}"
        if others
        else ""
    )
    for number, (path, defines) in enumerate(dedicated):
        tables = "1 table" if defines == 1 else f"{defines} tables"
        yield SpecDocument(
            path, f"found: a dedicated document that defines {tables}{rest if not number else ''}"
        )


def undedicated(root: str, documents: Sequence[str]) -> tuple[str, ...]:
    """Documents of the project's own folders that define tables and are not taken for its specification, as nothing in their names
    says that they are one: a feature's description, a plan. Tutorials, change logs and their like are left out."""
    return tuple(
        path
        for path in sorted(documents)
        if _in_docs(path)
        and (text := _text(root, path))
        and not _never(path, _first_heading(text))
        and _COLUMN_TYPES.search(text)
        and _number_defined(text, path)
    )


def _found_hidden(root: str, documents: Sequence[str], migrations: Sequence[str]) -> Iterator[SpecDocument]:
    """Dedicated documents in a hidden folder of the top, if this project's migrations make most of what they define."""
    defined = {p: _defined(_text(root, p), p) for p in sorted(documents) if _may_be_hidden(root, p)}
    makes = _made(root, migrations) if any(defined.values()) else set()
    for path, names in defined.items():
        made = len(names & makes)
        if names and made >= len(names) * _MOST:
            tables = "1 table" if len(names) == 1 else f"{len(names)} tables"
            why = f"found: a dedicated document that defines {tables}, of which migrations make {made}"
            yield SpecDocument(path, why)


def _may_be_hidden(root: str, path: str) -> bool:
    folders = path.split("/")[:-1]
    if not folders or not folders[0].startswith(".") or any(f.startswith(".") for f in folders[1:]):
        return False
    text = _text(root, path)
    return _names_itself(path, _first_heading(text)) and _MAY_DEFINE.search(text) is not None


def _made(root: str, migrations: Sequence[str]) -> set[str]:
    """The names of tables that the migrations' text says they create."""
    return {name.lower() for path in migrations for name in _CREATES.findall(_text(root, path))}


def _diagram_files(root: str) -> Iterator[str]:
    """DBML and Mermaid files on the top and in the documentation's folders."""
    yield from (n for n in sorted(os.listdir(root)) if n.lower().endswith((".dbml", ".mmd")))
    for folder in _FOLDERS:
        for at, below, names in os.walk(os.path.join(root, folder)):
            depth = os.path.relpath(at, root).count(os.sep)
            below[:] = sorted(below) if depth < 3 else []
            for name in names:
                if name.lower().endswith((".dbml", ".mmd")):
                    yield os.path.relpath(os.path.join(at, name), root).replace(os.sep, "/")


def _text(root: str, path: str) -> str:
    full = os.path.join(root, path)
    try:
        if os.path.getsize(full) > MAX_BYTES // 4:
            return ""
        with open(full, "rb") as stream:
            return decoded(stream.read())
    except OSError:
        return ""


def _surely_defines(text: str) -> bool:
    lowered = text.lower()
    return any(sign in lowered for sign in _SIGNS) and _SURELY_DEFINES.search(text) is not None


def _first_heading(text: str) -> str:
    found = re.search(r"(?m)^#{1,2}\s+(.+)$", text[:5000])
    return found[1] if found else ""


def _is_dedicated(path: str, title: str) -> bool:
    return _in_docs(path) and _names_itself(path, title)


def _names_itself(path: str, title: str) -> bool:
    """Whether a document's name or title says that it describes a database, and neither that it is something else."""
    named = (
        path.endswith((".dbml", ".mmd"))
        or _DEDICATED.search(f"{_name_words(path)} | {label(title)}") is not None
    )
    return named and not _never(path, title)


def _number_defined(text: str, path: str) -> int:
    return len(_defined(text, path))


def _defined(text: str, path: str) -> set[str]:
    """The names of the tables that a document defines with columns."""
    reading = read_document(text, path)
    return {
        t.name.lower()
        for t, role in reading.tables
        if t.columns and t.kind != "prose" and role in ("required", "current")
    }


def _in_docs(path: str) -> bool:
    """In a folder of documents ("docs", "shop-docs"), or on the top. What lies in a hidden folder (`.claude/docs`, `.github`) is
    meant for tools."""
    folders = path.lower().split("/")[:-1]
    hidden = any(f.startswith(".") for f in folders)
    return not folders or (
        not hidden and any(f in _FOLDERS or f.endswith(("-docs", "_docs")) for f in folders)
    )


def _never(path: str, title: str) -> bool:
    parts = [p for p in path.split("/")[:-1] if p.lower() not in _FOLDERS]
    words = " | ".join((*map(_name_words, parts), _name_words(path), label(title)))
    return _NEVER.search(words) is not None


def _name_words(path: str) -> str:
    stem = os.path.splitext(path.rsplit("/", 1)[-1])[0]
    return re.sub(
        r"\s+", " ", re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem).lower())
    ).strip()


def _without_repeats(chosen: list[SpecDocument]) -> tuple[SpecDocument, ...]:
    kept: dict[str, SpecDocument] = {}
    for document in chosen:
        first = kept.get(document.path)
        if first is None:
            kept[document.path] = document
        elif document.why == "--spec" and "--spec" not in first.why:
            kept[document.path] = SpecDocument(
                first.path, f"{first.why}, and --spec", first.target, first.title
            )
    return tuple(kept.values())
