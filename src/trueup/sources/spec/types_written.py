"""Type texts as people write them in diagrams, column tables and prose: "VARCHAR(255), unique", "unsigned bigint", "enum(a, b)
NOT NULL"."""

from __future__ import annotations

import re

from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

_FURTHER = frozenset(
    {
        "box",
        "cidr",
        "circle",
        "hstore",
        "line",
        "lseg",
        "ltree",
        "money",
        "oid",
        "path",
        "point",
        "polygon",
        "rowversion",
        "smallmoney",
        "softdeletes",
        "tsquery",
        "tsvector",
        "varbit",
        "xml",
    }
)
_GENERIC = frozenset(
    {
        "binary",
        "blob",
        "bool",
        "boolean",
        "bytes",
        "char",
        "date",
        "datetime",
        "decimal",
        "double",
        "enum",
        "float",
        "foreignid",
        "id",
        "int",
        "integer",
        "json",
        "number",
        "numeric",
        "real",
        "set",
        "string",
        "text",
        "time",
        "timestamp",
        "uuid",
        "varchar",
    }
)
_STRONG = re.compile(
    r"\b(?:varchar|nvarchar|char\s*\(|tinyint|smallint|mediumint|bigint|decimal\s*\(|numeric\s*\(|unsigned"
    r"|timestamp|datetime|bytea|jsonb|serial"
    r"|bigserial|longtext|mediumtext|tinytext|varbinary|foreignid|timestamptz|enum\s*\()",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\s*(?P<type>(?:(?:unsigned|signed|big|double|character|national|long|time|timestamp)\s+)*[A-Za-z][A-Za-z0-9_]*"
    r"(?:\s+(?:precision|varying))?(?:\s*\(\s*(?:\d[\d\s,]*|max|(?:'[^']*'|\"[^\"]*\")[^()]*)\)"
    r"|(?<=enum)\s*\([^()]*\)|(?<=set)\s*\([^()]*\))?(?:\s*\[\])?"
    r"(?:\s+(?:unsigned|signed|zerofill|with(?:out)?\s+time\s+zone|binary)\b)*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULT = re.compile(
    r"\bdefault(?:s to|:|=|\s)\s*(?P<value>'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`"
    r"|\([^()]*(?:\([^()]*\)[^()]*)*\)|[\w.+-]+(?:\([^()]*\))?)",
    re.IGNORECASE,
)
_TARGET = r"[`\"]?(?:[a-z_]\w*\.(?=[a-z_]\w*(?:\.[`\"a-z_]|\s*+\()))?(?P<{0}>[a-z_]\w*)[`\"]?"
_INNER = r"(?:\.[`\"]?(?P<{0}_column>[a-z_]\w*)|\s*+\(\s*+[`\"]?(?P<{0}_inner>[a-z_]\w*))"
"""A table, and its column: behind a dot without a space (a dot and a space end a sentence), or in brackets."""
_REFERENCE = re.compile(
    r"\breferences\s*+(?::\s*+)?" + (_TARGET + _INNER).format("a")
    + r"|(?:\bfk\b|\bforeign key\b|\bref(?:ers)?\b)\s*+(?:\(\s*+)?(?:(?:to|on|->|→|=>|:|=)\s*+)?" + _TARGET.format("b")
    + r"\.[`\"]?(?P<b_column>[a-z_]\w*)"
    + r"|(?:->|→|=>)\s*+" + (_TARGET + _INNER).format("c")
    + r"|(?:\bforeign key|\bfk)\s++(?:to|→|->)\s*+(?:the\s++)?[`\"](?P<d>[a-z_]\w*)[`\"]",
    re.IGNORECASE,
)  # fmt: skip
_NO_COLUMNS = frozenset(
    {"cascade", "constrained", "index", "indexed", "no", "not", "null", "nullable", "nullondelete", "on", "optional", "restrict"}
    | {"required", "set", "unique", "cascadeondelete"}
)  # fmt: skip
"""What stands in brackets behind a table's name without being its column: "→ users (cascade)"."""
_ACTION = re.compile(
    r"\bon\s+(delete|update)\s+(cascade|set\s+null|restrict|no\s+action|set\s+default)", re.IGNORECASE
)
_ACTION_FIRST = re.compile(
    r"\b(cascade|(?:set\s+)?null|restrict|no\s+action)s?\s*+on\s*+delete\b", re.IGNORECASE
)
""" "Cascade on delete", "null on delete", and the Blueprint's own words: "nullOnDelete"."""


class Flags(Struct, frozen=True):
    """What words beside a type say. None: not said."""

    nullable: bool | None = None
    default: str | None = None
    default_known: bool = False
    primary: bool = False
    unique: bool = False
    indexed: bool = False
    auto_increment: bool = False
    references: tuple[str, str] | None = None
    """(table, column); column "" for the table's key."""
    on_delete: str | None = None
    on_update: str | None = None
    foreign: bool = False


class WrittenType(Struct, frozen=True):
    """`type` None where the words are no type of a database."""

    type: str | None
    flags: Flags
    values: tuple[str, ...] = ()

    @property
    def loose(self) -> bool:
        return self.type is not None and is_generic(self.type)


def read_type(text: str) -> WrittenType:
    """Takes a cell or the rest of a code span apart into a type and the constraints written behind it."""
    text = _unmarked(text).replace("\\|", "|")
    match = _HEAD.match(text)
    if not match or len(text) > 2000:
        return WrittenType(None, read_flags(text))
    written = re.sub(r"\s+", " ", match["type"]).strip()
    rest = match["rest"]
    if not is_database_type(written):
        return WrittenType(None, read_flags(text))
    return WrittenType(written, read_flags(rest), parse_type(written).values)


def _unmarked(text: str) -> str:
    """Without the marks of code and emphasis around it; a span of code at its end ("string, default `0`") stays whole."""
    text = text.strip().strip("*").strip()
    if text.startswith("`"):
        text = text.lstrip("`")
    return text.rstrip("`").strip() if text.count("`") % 2 else text.strip()


def is_database_type(text: str) -> bool:
    parsed = parse_type(text)
    if parsed.name == "number":
        return False
    return parsed.family != "other" or text.lower().split("(")[0].strip() in _FURTHER


def is_generic(text: str) -> bool:
    """A word for a kind of type, without length, size or sign."""
    return text.strip().lower() in _GENERIC


def speaks_sql(text: str) -> bool:
    """Whether a type text can only be that of a database column."""
    return _STRONG.search(text) is not None


def read_flags(text: str) -> Flags:
    """Constraints in any order: "PK, AUTO_INCREMENT", "NOT NULL DEFAULT 0", "FK → users.id ON DELETE CASCADE", "nullable,
    unique"."""
    if not text.strip():
        return Flags()
    default = _DEFAULT.search(text)
    without = text[: default.start()] + " " + text[default.end() :] if default else text
    reference = _REFERENCE.search(without)
    actions = {m[1].lower(): re.sub(r"\s+", " ", m[2].lower()) for m in _ACTION.finditer(without)}
    words = _ACTION.sub(" ", without)
    if "delete" not in actions and (first := _ACTION_FIRST.search(words)):
        actions["delete"] = _spelled(first[1])
    words = _ACTION_FIRST.sub(" ", words)
    value = default["value"].strip("`") if default else None
    none = value is not None and value.upper() == "NULL"
    target = _target(reference) if reference else None
    if target and "delete" not in actions and _has(r"\bcascades?\b", words):
        actions["delete"] = "cascade"
    return Flags(
        nullable=_nullable(words),
        default=None if none else _sql_text(value),
        default_known=value is not None,
        primary=_has(r"\bpk\b|\bprimary(?:\s+key)?\b|\bpri\b", words),
        unique=_has(r"\buk\b|\buq\b|\buni\b|\bunique\b", words),
        indexed=_has(r"\bindex(?:ed)?\b|\bidx\b|\bmul\b", words),
        auto_increment=_has(r"\bai\b|\bauto[_ -]?incr(?:ement)?\b|\bincrement\b|\bidentity\b", words),
        references=target,
        on_delete=actions.get("delete"),
        on_update=actions.get("update"),
        foreign=_has(r"\bfk\b|\bforeign(?:\s+key)?\b", words),
    )


def _target(reference: re.Match[str]) -> tuple[str, str]:
    """(table, column) of a reference; column "" where it names the table alone."""
    groups = reference.groupdict()
    for name in "abc":
        if reference[name]:
            inner = groups.get(f"{name}_inner") or ""
            spaced = name == "c" and re.search(r"\s\(\s*\w+\s*$", reference[0]) is not None
            return reference[name], reference[f"{name}_column"] or _column_in(inner, spaced)
    return reference["d"], ""


def _column_in(brackets: str, spaced: bool) -> str:
    """A word in brackets of their own is a remark ("→ users (optional)"), unless it is written like a key's name."""
    marked = "_" in brackets or brackets.lower() in ("id", "uuid", "ulid", "code", "key")
    return "" if brackets.lower() in _NO_COLUMNS or (spaced and not marked) else brackets


def _spelled(action: str) -> str:
    """ "null" → "set null", as SQL calls it."""
    words = re.sub(r"\s+", " ", action.lower())
    return "set null" if words == "null" else words


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _nullable(words: str) -> bool | None:
    if _has(r"\bnot\s+null(?:able)?\b|\bnn\b|\brequired\b|\bnon-?null\b", words):
        return False
    if _has(r"\bnull(?:able)?\b|\boptional\b", words):
        return True
    return None


def _sql_text(value: str | None) -> str | None:
    """Double-quoted strings as SQL writes them."""
    if value is not None and len(value) > 1 and value[0] == value[-1] == '"':
        return "'" + value[1:-1].replace("'", "''") + "'"
    return value
