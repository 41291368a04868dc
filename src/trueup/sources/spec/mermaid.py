"""Mermaid `erDiagram` blocks → required tables.

An entity with attributes is a definition of a table: its columns, PK, UK, FK and comments. The name is the table's as written
where it is written like one (`order_items`); a class-like name (`OrderItem`) stands for that model's table. An entity without
attributes is required by name only, and only if it is written like a table (`order_items`); `ORDER` in a diagram of relations
is a concept. Types of diagrams are loose: `string` says a kind of type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.locations import Gap
from trueup.model.spec import RequiredColumn, RequiredForeignKey, RequiredIndex, RequiredTable
from trueup.sources.laravel.inflection import plural, singular, snake, table_of
from trueup.sources.spec.from_ddl import key_columns_not_null
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.types_written import is_generic
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, field

_NAME = r"(?:\"[^\"\n]++\"|`[^`\n]++`|[\w$.-]++)"
_ALIAS = r"(?:\s*+\[\s*+(?P<alias>\"[^\"\n]*+\"(?=\s*+\])|[^\]\n]*+)\s*+\])?"
_STYLE = r"(?:\s*+:::\s*+[\w-]++(?:\s*+,\s*+[\w-]++)*+)?"
_OPEN = re.compile(rf"\s*+(?P<name>{_NAME}){_ALIAS}{_STYLE}\s*+\{{\s*+(?P<rest>.*)$")
_ALONE = re.compile(rf"\s*+(?P<name>{_NAME}){_ALIAS}{_STYLE}\s*+$")
_SIGNS = r"(?:(?:\|o|\|\||\}o|\}\||o\||o\{|\|\{|\}|\{)\s*+)?(?:--|\.\.|-\.|\.-)(?:\s*+(?:o\||\|\||o\{|\|\{|\|o|\{))?"
_RELATION = re.compile(
    rf"\s*+(?P<left>{_NAME}){_STYLE}\s++(?P<signs>{_SIGNS})\s++(?P<right>{_NAME}){_STYLE}\s*+(?::\s*+(?P<label>.*))?$"
)
_WORDED = re.compile(
    rf"\s*+(?P<left>{_NAME})\s++(?:(?:only |zero or |one or )?(?:one|many|more)(?: or (?:zero|one|more"
    rf"|many))?|[01]\+?|many\([01]\))"
    rf"\s++(?:optionally )?to\s++[\w()+ ]{{1,60}}?\s++(?P<right>{_NAME})\s*+:\s*+(?P<label>.*)$"
)
_ATTRIBUTE = re.compile(
    r"\s*+(?P<type>[A-Za-z_][\w\-\[\]]*+(?:\s*+\([^()\n]*+\))?(?:~[^~]*+~)?)\s++(?P<name>\*?[A-Za-z_][\w\-\[\]()]*+)"
    r"(?:\s++(?P<keys>(?:PK|FK|UK)(?:\s*+,\s*+(?:PK|FK|UK))*+))?\s*+(?:\"(?P<comment>[^\"\n]*+)\"\s*+)?(?:%%.*)?$"
)
_DIRECTIVE = re.compile(
    r"\s*(?:%%|title\b|direction\b|accTitle\b|accDescr\b|classDef\b|class\b|style\b|---|config:|erDiagram\b|$)"
)


class _Attribute(Struct):
    column: RequiredColumn
    keys: tuple[str, ...]


class _Entity(Struct):
    written: str
    line: int
    attributes: list[_Attribute] = field(default_factory=list)
    declared: bool = False


class _Diagram(Struct):
    entities: dict[str, _Entity] = field(default_factory=dict)
    relations: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def entity(self, written: str, line: int) -> _Entity:
        return self.entities.setdefault(written, _Entity(written, line))


def is_diagram(text: str) -> bool:
    return re.match(r"\s*(?:---\n.*?\n---\s*)?(?:%%[^\n]*\n\s*)*erDiagram\b", text, re.DOTALL) is not None


def read_mermaid(text: str, first: int, setting: Setting) -> Iterator[RequiredTable | Gap]:
    """The tables of one diagram. `first` is the line of the block's first line."""
    diagram = _parse(text, first, setting)
    names = {e: _table_name(e, diagram) for e in diagram.entities}
    for written, entity in diagram.entities.items():
        if entity.attributes or _is_table_like(written):
            yield _table(entity, names, diagram, setting)
    yield from diagram.gaps


def _parse(text: str, first: int, setting: Setting) -> _Diagram:
    diagram = _Diagram()
    inside: _Entity | None = None
    opened = 0
    for number, line in enumerate(text.split("\n"), first):
        if inside is not None:
            inside = _inside(diagram, inside, line, number, setting)
            continue
        opening = _OPEN.match(line)
        if opening and not _RELATION.match(line):
            inside, opened = _opened(diagram, opening, number), number
            inside = _inside(diagram, inside, opening["rest"], number, setting)
        elif not _DIRECTIVE.match(line):
            _outside(diagram, line, number, setting)
    if inside is not None:
        diagram.gaps.append(setting.gap(opened, "the diagram ends inside this entity", "spec-mermaid"))
    return diagram


def _opened(diagram: _Diagram, opening: re.Match[str], number: int) -> _Entity:
    entity = diagram.entity(_bare(opening["name"]), number)
    if not entity.declared:
        entity.line = number
    entity.declared = True
    return entity


def _inside(diagram: _Diagram, entity: _Entity, line: str, number: int, setting: Setting) -> _Entity | None:
    """One line of an entity's body; None once it is closed."""
    body, brace, _ = line.partition("}")
    if body.strip() and not body.strip().startswith("%%"):
        match = _ATTRIBUTE.match(body)
        if match:
            entity.attributes.append(_attribute(match, number, setting))
        else:
            diagram.gaps.append(
                setting.gap(number, f"no attribute of an entity: {body.strip()[:60]!r}", "spec-mermaid")
            )
    return None if brace else entity


def _attribute(match: re.Match[str], number: int, setting: Setting) -> _Attribute:
    type_ = re.sub(r"\s+", "", match["type"]) if "(" in match["type"] else match["type"]
    keys = tuple(k.strip() for k in (match["keys"] or "").split(",") if k.strip())
    column = RequiredColumn(
        name=match["name"].strip("*"),
        type=type_,
        nullable=False if "PK" in keys else _comment_null(match["comment"] or ""),
        at=setting.at(number),
        comment=None,
        values=parse_type(type_).values,
        written=setting.written(number),
        loose_type=is_generic(type_) or parse_type(type_).family == "other" or "(" not in type_,
    )
    return _Attribute(column, keys)


def _comment_null(comment: str) -> bool | None:
    words = comment.lower()
    if re.search(r"\bnot null\b", words):
        return False
    return True if re.search(r"\bnull(?:able)?\b", words) else None


def _outside(diagram: _Diagram, line: str, number: int, setting: Setting) -> None:
    relation = _RELATION.match(line) or _WORDED.match(line)
    if relation and re.search(r"--|\.\.|\bto\b", line):
        left, right = _bare(relation["left"]), _bare(relation["right"])
        diagram.entity(left, number)
        diagram.entity(right, number)
        diagram.relations.append((left, right))
        return
    alone = _ALONE.match(line)
    if alone:
        diagram.entity(_bare(alone["name"]), number).declared = True
    else:
        diagram.gaps.append(
            setting.gap(number, f"no entity and no relation: {line.strip()[:60]!r}", "spec-mermaid")
        )


def _table(entity: _Entity, names: dict[str, str], diagram: _Diagram, setting: Setting) -> RequiredTable:
    columns = tuple(a.column for a in entity.attributes)
    key = tuple(a.column.name for a in entity.attributes if "PK" in a.keys)
    indexes = (
        [RequiredIndex(key, None, True, True, next(a.column.at for a in entity.attributes if "PK" in a.keys))]
        if key
        else []
    )
    indexes += [
        RequiredIndex((a.column.name,), None, True, False, a.column.at)
        for a in entity.attributes
        if "UK" in a.keys
    ]
    table = RequiredTable(
        name=names[entity.written],
        kind="mermaid",
        columns=columns,
        indexes=tuple(indexes),
        foreign_keys=tuple(_foreign_keys(entity, names, diagram)),
        at=setting.at(entity.line),
        complete=bool(columns),
        section=setting.section,
        existing=setting.role == "current",
        missing_reported=setting.missing and setting.role != "current",
    )
    return key_columns_not_null(table)


def _foreign_keys(entity: _Entity, names: dict[str, str], diagram: _Diagram) -> Iterator[RequiredForeignKey]:
    """An attribute marked FK whose name says which related entity it points to (`user_id` → users)."""
    related = [r for pair in diagram.relations if entity.written in pair for r in pair]
    for attribute in entity.attributes:
        if "FK" not in attribute.keys or not attribute.column.name.lower().endswith("_id"):
            continue
        wanted = attribute.column.name.lower().removesuffix("_id")
        targets = sorted(
            {names[r] for r in related if singular(names[r]).lower() == wanted or names[r].lower() == wanted}
        )
        if len(targets) == 1:
            yield RequiredForeignKey((attribute.column.name,), targets[0], ("id",), at=attribute.column.at)


def _bare(name: str) -> str:
    return name.strip().strip('"`').strip()


def _is_table_like(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None


def _table_name(written: str, diagram: _Diagram) -> str:
    """ "order_items" stays; "OrderItem", "ORDER_ITEM", "LINE-ITEM" are models: their table's name by the framework's
    convention."""
    bare = written.rsplit(".", 1)[-1]
    if _is_table_like(bare):
        return bare
    words = re.sub(r"[^A-Za-z0-9]+", "_", bare).strip("_")
    if words.upper() == words or "_" in words:
        lowered = words.lower()
        return lowered if plural(lowered) == lowered or f"{lowered}s" in diagram.entities else plural(lowered)
    return table_of(words) if words else snake(bare)
