"""Which tables the code names, by its text: enough to tell which tables are in use and which tests touch them. (The query reader
follows the code itself.)"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from trueup.model.eloquent import Attribute, TableUse, TestFile
from trueup.model.locations import Location
from trueup.sources.laravel.declared import imports
from trueup.sources.php.names import Uses, class_name
from trueup.structs import Struct, field

_LEXEME = re.compile(
    rb"\"(?:[^\"\\]++|\\.?)*+(?:\"|\Z)|'(?:[^'\\]++|\\.?)*+(?:'|\Z)|/\*.*?(?:\*/|\Z)|//[^\n]*|\#(?!\[)[^\n]*",
    re.S,
)
_TABLE = rb"(?:([A-Za-z_]\w*(?:\.\w+)*)(?:\s+as\s+\w+)?)"
_DB_TABLE = re.compile(
    rb"\b(?:DB|Capsule|Manager)::(?:connection\([^()]*\)\s*->\s*)?table\(\s*['\"]" + _TABLE + rb"['\"]", re.I
)
_JOIN = re.compile(
    rb"->\s*(?:left|right|cross|inner)?join(?:where)?\(\s*['\"]" + _TABLE + rb"['\"]\s*,", re.I
)
_RULE = re.compile(rb"['\"|](?:exists|unique):(?:\w+\.)?([A-Za-z_]\w*)(?:,(\w+))?")
_RULE_OBJECT = re.compile(
    rb"\bRule::(?:exists|unique)\(\s*['\"](?:\w+\.)?([A-Za-z_]\w*)['\"](?:\s*,\s*['\"](\w+)['\"])?"
)
_ASSERTION = re.compile(
    rb"\bassert(?:Database(?:Has|Missing|Count|Empty)|(?:Not)?SoftDeleted)\(\s*['\"]([A-Za-z_]\w*)['\"]"
)
_INSPECTION = re.compile(
    rb"\bSchema::(?:hasTable|hasColumns?|getColumnListing|hasIndex)\(\s*['\"]([A-Za-z_]\w*)['\"]"
)
_CREATION = re.compile(
    rb"\bSchema::(?:connection\([^()]*\)\s*->\s*)?create\(\s*['\"]([A-Za-z_]\w*)['\"]"
    rb"|(?:schema|builder)(?:\(\))?\s*->\s*create\(\s*['\"]([A-Za-z_]\w*)['\"]\s*,\s*(?:static\s+)?(?:function|fn)\b"
    rb"|\bCREATE\s+(?:TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[`\"]?([A-Za-z_]\w*)[`\"]?\s*(?:\(|AS\b)",
    re.I,
)
_UNNAMED = re.compile(rb"\bSchema::create\(\s*+[$\w\\]")
"""A table that is made under a name which is told elsewhere: `Schema::create($this->table(), ...)`."""
CREATIONS = ("creation", "test creation", "migration")
"""The kinds of `TableUse` that make a table."""
_DOWN = re.compile(rb"\bfunction\s++down\s*+\(")
_MOCK = re.compile(
    rb"(?:Mockery::(?:mock|spy)|->(?:mock|partialMock|spy|createMock|createStub|createPartialMock))\(\s*"
    rb"(?:['\"]alias:)?(\\?[A-Z][\w\\]*)::class"
)
_REFUSAL = re.compile(
    rb"\b(?:QueryException|UniqueConstraintViolationException|PDOException|ForeignKeyConstraint\w*Exception)\b"
)
_DATABASE = re.compile(
    rb"\b(?:RefreshDatabase|DatabaseTransactions|DatabaseMigrations|LazilyRefreshDatabase|DatabaseTruncation)\b"
)
_TEST = re.compile(rb"\bfunction\s+test|@test\b|#\[Test\]|^[^\S\n]*+(?:it|test)\(", re.M)
_PATTERNS = (
    (b"table(", _DB_TABLE, "table"),
    (b"oin(", _JOIN, "table"),
    (b":", _RULE, "rule"),
    (b"Rule::", _RULE_OBJECT, "rule"),
)
_TEST_PATTERNS = ((b"table(", _DB_TABLE), (b"assert", _ASSERTION), (b"Schema::", _INSPECTION))
_SIGNS = (b"DB::", b"exists:", b"unique:", b"Rule::", b"oin(", b"Capsule::", b"Manager::")
_GLOBAL_SETTING = re.compile(
    rb"\b(?:Model|Eloquent)::(unguard|shouldBeStrict|preventLazyLoading|preventSilentlyDiscardingAttributes"
    rb"|preventAccessingMissingAttributes|automaticallyEagerLoadRelationships)\("
)
_CLASS_LINE = re.compile(rb"\n(?:final |abstract |readonly )*(?:class|trait|enum|interface) ")
_NEW = re.compile(rb"new (\\?[A-Z][\w\\]*)")
_STATIC = re.compile(rb"::(\w+)")
_RENAMED = re.compile(rb"\\(\w+)\s+as\s+(\w+)\s*;")
_NAME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_\\"
# Static calls that are no query.
_NO_QUERY = frozenset(
    {
        b"class",
        b"factory",
        b"observe",
        b"fake",
        b"macro",
        b"resolveRelationUsing",
        b"preventLazyLoading",
        b"unguard",
    }
)


def global_settings(file: str, source: bytes) -> list[Attribute]:
    """`Model::unguard()` and its like: what is asked of all models at once."""
    if b"Model::" not in source:
        return []
    text = without_comments(source)
    lines = _Lines(text)
    return [
        Attribute(m.group(1).decode(), Location(file, lines.of(m.start())))
        for m in _GLOBAL_SETTING.finditer(text)
    ]


def creations(file: str, source: bytes, *, in_test: bool) -> Iterator[TableUse]:
    """The tables that a file makes when it runs: an installer, say, or what tests stand on. What migrations really do is read
    elsewhere; here it is what `up()` says, whatever it depends on."""
    is_migration = "migrations" in file.lower().split("/")[:-1] and not in_test
    unnamed = not in_test and not is_migration and _UNNAMED.search(source) is not None
    if not (unnamed or _CREATION.search(source)):
        return
    text = without_comments(source)
    lines = _Lines(text)
    down = _DOWN.search(text) if is_migration else None
    for name, position in _created(text):
        if down is None or position < down.start():
            yield TableUse(
                name, Location(file, lines.of(position)), CREATIONS[2 if is_migration else in_test]
            )
    for match in _UNNAMED.finditer(text) if unnamed else ():
        yield TableUse("", Location(file, lines.of(match.start())), CREATIONS[0])


def _created(text: bytes) -> Iterator[tuple[str, int]]:
    for match in _CREATION.finditer(text):
        yield next(g for g in match.groups() if g).decode(), match.start()


def without_comments(source: bytes) -> bytes:
    """The text with its comments blanked; lines stay where they are."""
    return _LEXEME.sub(
        lambda m: m.group() if m.group()[:1] in b"\"'" else b"\n" * m.group().count(b"\n"), source
    )


def _head(text: bytes) -> bytes:
    """What comes before the first class: where the imports are."""
    found = _CLASS_LINE.search(text)
    return text[: found.start()] if found else text


class _Lines(Struct):
    """Line numbers of positions in one text."""

    text: bytes
    _starts: list[int] = field(default_factory=list)

    def of(self, position: int) -> int:
        if not self._starts:
            self._starts = [m.end() for m in re.finditer(rb"\n", self.text)]
        return bisect_right(self._starts, position) + 1


class Usages(Struct, frozen=True):
    """`model_of` answers the declared name of a model for a class name, "" for any other class; `table_of` a model's table."""

    model_of: Callable[[str], str]
    table_of: Callable[[str], str | None]
    shorts: frozenset[bytes]
    """The models' short names: a file that names none of them calls none."""

    def uses(self, file: str, source: bytes) -> Iterator[TableUse]:
        """What a file of the project itself (no test) uses."""
        if not self._names_any(source):
            return
        text = without_comments(source)
        lines = _Lines(text)
        for pattern, kind in (
            (_DB_TABLE, "table"),
            (_JOIN, "table"),
            (_RULE, "rule"),
            (_RULE_OBJECT, "rule"),
        ):
            for match in pattern.finditer(text):
                column = match.group(2) if pattern.groups > 1 else None
                columns = (column.decode(),) if column else ()
                yield TableUse(
                    match.group(1).decode(), Location(file, lines.of(match.start())), kind, columns
                )
        for name, method, position in self._statics(text):
            table = None if method in _NO_QUERY else self.table_of(name)
            if table is not None:
                yield TableUse(table, Location(file, lines.of(position)), "model")

    def _names_any(self, source: bytes) -> bool:
        """Whether it is worth a closer look: the comments may still hold all that was found."""
        return any(sign in source for sign in _SIGNS) or next(self._calls_in(source), None) is not None

    def _statics(self, text: bytes) -> Iterator[tuple[str, bytes, int]]:
        """(model, method, position) of each static call on a model."""
        scope: Uses | None = None
        for written, method, position in self._calls_in(text):
            scope = scope or imports(_head(text))
            name = self.model_of(class_name(written.decode("utf-8", "replace"), scope))
            if name:
                yield name, method, position

    def _calls_in(self, text: bytes) -> Iterator[tuple[bytes, bytes, int]]:
        """(class as written, method, position) of static calls on what may be a model. Found by the `::`, because a search for
        names takes many times as long."""
        names = self.shorts
        for full, alias in _RENAMED.findall(text) if b" as " in text else ():
            if full in names:
                names = names | {alias}
        for match in _STATIC.finditer(text):
            before = text[max(0, match.start() - 120) : match.start()]
            written = before[len(before.rstrip(_NAME_BYTES)) :]
            if written.rsplit(b"\\", 1)[-1] in names:
                yield written, match.group(1), match.start()

    def test(self, file: str, source: bytes, inherited: bool) -> TestFile | None:
        """None where the file holds no test. `inherited`: a base class or Pest.php brings a fresh database."""
        if not file.endswith("Test.php") and not _TEST.search(source):
            return None
        text = without_comments(source)
        tables = {
            m.group(1).decode()
            for sign, pattern in _TEST_PATTERNS
            if sign in text
            for m in pattern.finditer(text)
        }
        return TestFile(
            path=file,
            tables=tuple(sorted(tables)),
            models=tuple(sorted({name for name, _, _ in self._statics(text)} | set(self._made(text)))),
            database=inherited or bool(_DATABASE.search(text)),
            creates=tuple(sorted({name for name, _ in _created(text)})),
            mocks=tuple(sorted(self._mocked(text))),
            refusals=bool(_REFUSAL.search(text)),
        )

    def _made(self, text: bytes) -> Iterator[str]:
        """`new X`."""
        scope = imports(_head(text))
        for match in _NEW.finditer(text):
            name = self.model_of(class_name(match.group(1).decode("utf-8", "replace"), scope))
            if name:
                yield name

    def _mocked(self, text: bytes) -> Iterator[str]:
        scope = imports(_head(text))
        for match in _MOCK.finditer(text):
            yield class_name(match.group(1).decode("utf-8", "replace"), scope)
