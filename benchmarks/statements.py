"""A query site as a statement that a server can be asked to run: its tables and columns, with values that fit."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.checks.query._payloads import Write
from trueup.checks.query._values import strings_of
from trueup.model.findings import Finding
from trueup.model.queries import ColumnUse, QuerySite
from trueup.model.schema import Column, Schema, Table
from trueup.sources.sql.types import parse_type

Sample = str | int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` with %s for each of `values`."""

    text: str
    values: tuple[Sample, ...] = ()


def statement_of(
    schema: Schema, site: QuerySite, write: Write | None, finding: Finding | None
) -> Statement | None:
    """The statement that the site stands for. Without a finding it names only what can be told for sure; a finding's column
    is always in it. `write` are the columns that an INSERT really has. None where the site has no table of its own."""
    if not site.table or any(t.derived for t in site.tables[:1]) or site.ambiguous:
        return None
    uses = [u for u in site.columns if _is_named(schema, site, u, finding)]
    if site.kind in {"insert", "upsert", "factory"}:
        return _insert(schema, site, write, uses, finding)
    if site.kind == "update":
        return _update(schema, site, uses, finding)
    return _select(schema, site, [u for u in uses if u.role not in {"write", "match"}])


def _is_named(schema: Schema, site: QuerySite, use: ColumnUse, finding: Finding | None) -> bool:
    """Whether the column goes into the statement: it has a table, and it is not one that the check leaves open."""
    if not use.table or use.alternative:
        return False
    table = schema.table(_bare(use.table))
    told = finding is not None and finding.code == "QRY002" and finding.column == use.column
    if table is None and _bare(use.table) not in {_bare(t.name) for t in site.tables}:
        return False
    if table is None or table.column(use.column) is not None:
        return True
    if finding is not None and finding.code != "QRY002":
        return False
    if use.role in {"write", "match"}:
        return told or (site.via not in {"eloquent", "relation", "factory"} and not site.model)
    return told or use.qualified or not site.open


def _bare(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


def _column(use: ColumnUse) -> str:
    return f"{_quoted(_bare(use.table))}.{_quoted(use.column)}"


def _tables(schema: Schema, site: QuerySite, uses: list[ColumnUse]) -> str:
    names = [_bare(t.name) for t in site.tables if t.name and not t.derived]
    names += [_bare(u.table) for u in uses]
    return ", ".join(dict.fromkeys(_quoted(_known(schema, n)) for n in names))


def _known(schema: Schema, name: str) -> str:
    table = schema.table(name)
    return table.name if table is not None else name


def _select(schema: Schema, site: QuerySite, uses: list[ColumnUse]) -> Statement:
    by_role = {role: [_column(u) for u in uses if u.role == role] for role in ("select", "group", "sort")}
    filters = [f"{_column(u)} IS NULL" for u in uses if u.role in {"filter", "having", "join", "aggregate"}]
    shown = ", ".join([*by_role["select"], *by_role["group"], *by_role["sort"]]) or "1"
    where = f" WHERE {' AND '.join(filters)}" if filters else ""
    order = f" ORDER BY {', '.join(by_role['sort'])}" if by_role["sort"] else ""
    source = _tables(schema, site, uses)
    return Statement(f"SELECT {shown} FROM {source}{where}{order} LIMIT 0")


def _update(schema: Schema, site: QuerySite, uses: list[ColumnUse], finding: Finding | None) -> Statement:
    table = schema.table(_bare(site.table))
    refused = finding.column if finding is not None and finding.code == "QRY004" else ""
    written = [u for u in uses if u.role in {"write", "match"} and refused in {"", u.column}]
    if not written:
        return _select(schema, site, [u for u in uses if u.role not in {"write", "match"}])
    if refused and table is not None:
        return _inserted(table, {written[0].column: _literal(written[0])}, fill=True)
    filters = "".join(f" AND {_column(u)} IS NULL" for u in uses if u.role in {"filter", "join"})
    values = tuple(_sample(table.column(u.column) if table else None) for u in written)
    sets = ", ".join(f"{_column(u)} = %s" for u in written)
    return Statement(f"UPDATE {_tables(schema, site, uses)} SET {sets} WHERE 0{filters}", values)


def _insert(
    schema: Schema, site: QuerySite, write: Write | None, uses: list[ColumnUse], finding: Finding | None
) -> Statement:
    table = schema.table(_bare(site.table))
    names = {u.column for u in uses if u.role in {"write", "match"}}
    if write is not None:
        names = {n for n in names if n.lower() in write.columns} | {
            c.name for c in write.table.columns if c.name.lower() in write.columns
        }
    if finding is not None and finding.code == "QRY002":
        names.add(finding.column)
    if table is None:
        listed = ", ".join(map(_quoted, sorted(names)))
        return Statement(
            f"INSERT INTO {_quoted(_bare(site.table))} ({listed}) VALUES ({', '.join(['%s'] * len(names))})",
            ("1",) * len(names),
        )
    chosen = {n: _sample(table.column(n)) for n in sorted(names)}
    if finding is not None and finding.code == "QRY004":
        chosen |= {u.column: _literal(u) for u in uses if u.column == finding.column}
    whole = write is not None and (finding is None or finding.code == "QRY003")
    return _inserted(table, chosen, fill=not whole)


def _inserted(table: Table, chosen: dict[str, Sample], *, fill: bool) -> Statement:
    """`fill`: what is not known to be written is given a value too, so that only names and values are judged."""
    values = dict(chosen)
    if fill:
        have = {n.lower() for n in values}
        values |= {
            c.name: _sample(c)
            for c in table.columns
            if c.name.lower() not in have
            and not c.nullable
            and c.default is None
            and not c.auto_increment
            and c.generated is None
        }
    names = [n for n in values if (c := table.column(n)) is None or c.generated is None]
    if not names:
        return Statement(f"INSERT INTO {_quoted(table.name)} () VALUES ()")
    return Statement(
        f"INSERT INTO {_quoted(table.name)} ({', '.join(map(_quoted, names))}) VALUES ({', '.join(['%s'] * len(names))})",
        tuple(values[n] for n in names),
    )


def _literal(use: ColumnUse) -> Sample:
    if use.value.kind == "null":
        return None
    return int(use.value.text) if use.value.kind == "int" else next(iter(strings_of(use.value)), "")


_SAMPLES: dict[str, Sample] = {
    "integer": 1, "decimal": 1, "float": 1, "boolean": 1, "bit": 1, "year": 2024, "date": "2024-01-02",
    "datetime": "2024-01-02 03:04:05", "timestamp": "2024-01-02 03:04:05", "time": "03:04:05", "json": "{}",
    "uuid": "0188a1b2-0000-7000-8000-000000000001", "inet": "127.0.0.1",
}  # fmt: skip


def _sample(column: Column | None) -> Sample:
    """A value that the column takes."""
    if column is None:
        return "1"
    if column.values:
        return column.values[0]
    parsed = parse_type(column.type, "mariadb")
    if parsed.family in {"geometry", "vector"}:
        return None
    return _SAMPLES.get(parsed.family, "{}" if (parsed.length or 9) > 1 and parsed.family == "text" else "1")
