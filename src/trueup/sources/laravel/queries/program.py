"""What the query reader knows of the project while it walks: classes, models, types, and the sites found so far."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.eloquent import Eloquent, Model, Relation
from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.model.queries import QueryKind
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.memory import digest
from trueup.sources.laravel.queries.builder import Builder, ColumnsOf, area_of, finish
from trueup.sources.laravel.queries.found import Found
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    ClassString,
    Frame,
    Many,
    Obj,
    Query,
    Unknown,
    Value,
    join,
)
from trueup.sources.php.tree import ArrayLiteral, ClassDecl
from trueup.structs import Struct, field, replace

ELOQUENT_BUILDERS = frozenset(
    {"illuminate\\database\\eloquent\\builder", "illuminate\\contracts\\database\\eloquent\\builder"}
)
QUERY_BUILDERS = frozenset(
    {"illuminate\\database\\query\\builder", "illuminate\\contracts\\database\\query\\builder"}
)
CONNECTIONS = frozenset(
    {
        "illuminate\\database\\connection",
        "illuminate\\database\\connectioninterface",
        "illuminate\\database\\databasemanager",
        "illuminate\\database\\connectionresolverinterface",
        "illuminate\\database\\mysqlconnection",
        "illuminate\\database\\capsule\\manager",
        "illuminate\\support\\facades\\db",
        "db",
    }
)
COLLECTIONS = frozenset(
    {
        "illuminate\\support\\collection",
        "illuminate\\database\\eloquent\\collection",
        "illuminate\\support\\lazycollection",
        "illuminate\\support\\enumerable",
        "iterable",
        "array",
        "list",
        "\\generator",
        "generator",
        "traversable",
        "illuminate\\contracts\\pagination\\lengthawarepaginator",
        "illuminate\\pagination\\lengthawarepaginator",
        "illuminate\\contracts\\pagination\\paginator",
        "illuminate\\pagination\\paginator",
    }
)
_SCALARS = {
    "int": "int",
    "integer": "int",
    "float": "float",
    "double": "float",
    "string": "string",
    "bool": "bool",
    "boolean": "bool",
    "mixed": "unknown",
    "array": "array",
    "void": "unknown",
    "never": "unknown",
    "object": "unknown",
    "callable": "unknown",
    "iterable": "array",
    "true": "bool",
    "false": "bool",
}
_RELATION_PREFIX = "illuminate\\database\\eloquent\\relations\\"
_ALTERED = re.compile(rb"\bSchema::(?:(?:table|rename|drop\w*)\(|create\(\s*[^'\"\s])")
_GUARD = re.compile(rb"\bhas(?:Table|Columns?)\(")
_GENERIC = re.compile(r"^([\w\\]+)\s*<(.+)>$", re.DOTALL)


Signs = tuple[re.Pattern[bytes], tuple[re.Pattern[bytes], ...]]
"""What calls and what words tell of a query."""
NO_SIGN = re.compile(rb"(?!)")


class Program(Struct):
    """State of one reading. `found` and `properties` are those of the file that is being walked."""

    classes: Classes
    eloquent: Eloquent
    columns_of: ColumnsOf
    driver: Driver = "mysql"
    user_model: str = ""
    signs: Signs = (NO_SIGN, ())
    test_signs: Signs = (NO_SIGN, ())
    signed: dict[str, list[int]] = field(default_factory=dict)
    """The lines of a file that bear a sign of a query, in order."""
    found: Found = field(default_factory=Found)
    properties: dict[tuple[str, str], Value] = field(default_factory=dict)
    assigned: dict[tuple[str, str], Value] = field(default_factory=dict)
    """Properties that hold a query by now, in the function that is being walked: class in lower case, name."""
    assignments: int = 0
    """How often one of them changed."""
    inherited: bool = False
    """While a base class's own methods are walked for one of its subclasses."""
    config: dict[str, str] = field(default_factory=dict)
    ambiguous: int = 0
    """Above 0 while a step is taken for one of several things that a value can be."""
    guards: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    builders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    """Models that were asked for since this was emptied, in lower case."""
    constants: dict[ArrayLiteral, tuple[Arr, int]] = field(default_factory=dict)
    """Arrays of nothing but literals that were met in this file, with the steps that each took."""
    _models: dict[str, Model] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._models = {m.name.lower(): m for m in (*self.eloquent.test_models, *self.eloquent.models)}

    def start_file(self) -> None:
        """Forgets what depends on the files that were walked before."""
        self.found, self.properties, self.ambiguous = Found(), {}, 0
        self.assigned = {}
        self.constants.clear()
        self.classes.rest()

    def model(self, name: str) -> Model | None:
        lowered = name.lstrip("\\").lower()
        found = self._models.get(lowered)
        if found is not None:
            self.asked.add(lowered)
            self.classes.touched.add(found.at.file)
        return found

    def model_state(self, lowered: str) -> str:
        """A digest of all that is known of a model."""
        if lowered not in self._states:
            self._states[lowered] = digest(self._models.get(lowered))
        return self._states[lowered]

    def relation(self, model: Model, method: str) -> Relation | None:
        lowered = method.lower()
        return next((r for r in model.relations if r.method.lower() == lowered), None)

    # ── builders ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def builder(self, frame: Frame, line: int, **fields: object) -> Builder:
        """A new builder that starts at `line` of the frame's file."""
        made = Builder(Location(frame.file, line), depth=frame.depth, method=frame.method)
        made.loops, made.ambiguous = frame.loops, self.ambiguous > 0
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    def _is_base(self, model: Model) -> bool:
        """Whether a model only serves others: abstract, or extended by others while no migration makes its guessed table."""
        if model.table_explicit:
            return False
        guessed = model.table is not None and self.columns_of(model.table) is None
        return model.abstract or (guessed and bool(self.classes.heirs(model.name)))

    def is_any_model(self, name: str) -> bool:
        """Whether a class stands for models of no one table: the framework's, or a base class of the project's."""
        model = self.model(name)
        return name.lower() == "illuminate\\database\\eloquent\\model" or (
            model is not None and self._is_base(model)
        )

    def table_query(self, frame: Frame, line: int, table: str, how: str, alias: str = "") -> Builder:
        made = self.builder(frame, line)
        made.add_table(table, how, made.at, alias)
        made.trail.append(f"{how}: {table}")
        return made

    def model_query(self, frame: Frame, line: int, name: str) -> Builder:
        """A fresh query of a model; open and without a table where the model's table can't be told."""
        model = self.model(name)
        made = self.builder(frame, line, eloquent=True, via="eloquent", model=model)
        if model is not None and self._is_base(model):
            made.trail.append(f"{model.name} is a base class: the table is that of a subclass")
        elif model is not None and model.table is not None:
            made.add_table(model.table, f"model {model.name}", made.at)
            made.trail.append(f"model {model.name}: {model.table}")
            made.connection = model.connection
        return made

    def is_builder(self, name: str) -> bool:
        """Whether a class of the project extends one of the framework's builders."""
        ancestors = self.classes.ancestors(name)
        return any(a.lower() in ELOQUENT_BUILDERS or a.lower() in QUERY_BUILDERS for a in ancestors)

    def custom_query(self, name: str, frame: Frame, line: int) -> Builder:
        """A query of the application's own builder class: of the model around the code, or of the one that uses the class."""
        model = self.model(frame.this) if frame.this else None
        if model is None:
            found = [m.name for m in self.eloquent.models if name.lower() in self._builder_classes(m)]
            model = self.model(found[0]) if len(found) == 1 else None
        if model is None:
            return self.unknown_query(frame, line, f"no one model tells the table of {name}", eloquent=True)
        made = self.model_query(frame, line, model.name)
        made.custom = name
        return made

    def _builder_classes(self, model: Model) -> tuple[str, ...]:
        """Lower-case names of the builder classes that a model's methods name."""
        if model.name not in self.builders:
            found: list[str] = []
            for decl in self.classes.lineage(model.name)[:1]:
                for method in ("query", "newEloquentBuilder", "newQuery"):
                    function = decl.method(method)
                    if function is not None and function.return_type:
                        found.append(
                            self.class_name(function.return_type.lstrip("?"), decl, Frame(decl.file)).lower()
                        )
            self.builders[model.name] = tuple(found)
        return self.builders[model.name]

    def unknown_query(self, frame: Frame, line: int, why: str, *, eloquent: bool = False) -> Builder:
        made = self.builder(frame, line, eloquent=eloquent, open=True)
        made.trail.append(why)
        return made

    # ── sites ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def record(
        self,
        builder: Builder,
        kind: QueryKind,
        terminal: str,
        at: Location,
        *,
        complete_payload: bool = False,
    ) -> None:
        """Notes that the query runs here."""
        builder.finished += 1
        if not builder.known():
            why = builder.trail[-1] if builder.trail else "the query's table can't be told"
            gap = Gap(at, why, "query-table", f"{terminal}()")
            self.found.unresolved.setdefault((at.file, at.line, terminal), gap)
            return
        site = finish(builder, kind, terminal, at, self.columns_of, complete_payload=complete_payload)
        written = (
            tuple(sorted(c.column for c in site.columns if c.role == "write")) if complete_payload else ()
        )
        if self.ambiguous or builder.ambiguous:
            site = replace(site, ambiguous=True)
        site = replace(site, guarded=True) if self.is_guarded(at) else site
        site = replace(site, inherited=True) if self.inherited else site
        self.found.add_site((at.file, at.line, terminal, site.table, written), site)

    def is_guarded(self, at: Location) -> bool:
        """Whether the function around a place asks the schema before it goes on."""
        self.classes.touched.add(at.file)
        if at.file not in self.guards:
            self.guards[at.file] = _guarded_ranges(self.classes, at.file)
        return any(first <= at.line <= last for first, last in self.guards[at.file])

    # ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def of_type(self, text: str, decl: ClassDecl | None, frame: Frame, line: int) -> Value:
        """The value that a declared or documented type stands for."""
        found: Value | None = None
        for part in _split_union(text):
            value = self._of_single(part.strip().lstrip("?"), decl, frame, line)
            if value is not None:
                found = value if found is None else join(found, value)
        return found if found is not None else UNKNOWN

    def _of_single(self, text: str, decl: ClassDecl | None, frame: Frame, line: int) -> Value | None:
        lowered = text.lower()
        if lowered in {"", "null", "void"}:
            return None
        if lowered in _SCALARS:
            return Unknown(_SCALARS[lowered])
        if lowered in {"self", "static", "$this"}:
            return Obj(frame.this or (decl.name if decl else ""))
        if text.endswith("[]"):
            return Many(self.of_type(text[:-2].strip("()"), decl, frame, line), collection=False)
        generic = _GENERIC.match(text)
        name = self.class_name(generic.group(1) if generic else text, decl, frame)
        arguments = _split_arguments(generic.group(2)) if generic else []
        return self._of_class(name, arguments, decl, frame, line)

    def _of_class(
        self, name: str, arguments: list[str], decl: ClassDecl | None, frame: Frame, line: int
    ) -> Value:
        lowered = name.lower()
        if lowered == "class-string":
            return ClassString(self.class_name(arguments[0], decl, frame)) if arguments else UNKNOWN
        if lowered in ELOQUENT_BUILDERS or lowered in QUERY_BUILDERS or lowered.startswith(_RELATION_PREFIX):
            return Query(self._typed_query(lowered, arguments, decl, frame, line))
        if self.is_builder(name):
            return Query(self.custom_query(name, frame, line))
        if lowered in COLLECTIONS or lowered.endswith("collection"):
            inner = self.of_type(arguments[-1], decl, frame, line) if arguments else UNKNOWN
            return Many(inner, collection=lowered not in {"array", "list", "iterable"})
        return Obj(name)

    def _typed_query(
        self, lowered: str, arguments: list[str], decl: ClassDecl | None, frame: Frame, line: int
    ) -> Builder:
        if arguments:
            inner = self.of_type(arguments[0], decl, frame, line)
            if isinstance(inner, Obj) and self.model(inner.cls) is not None:
                return self.model_query(frame, line, inner.cls)
        why = "a builder handed in by its type, whose table no caller tells"
        return self.unknown_query(frame, line, why, eloquent=lowered not in QUERY_BUILDERS)

    def class_name(self, text: str, decl: ClassDecl | None, frame: Frame) -> str:
        """A class name as written in a type or doc comment, resolved in its file."""
        if text.startswith("\\"):
            return text.lstrip("\\")
        file = decl.file if decl is not None else frame.file
        return self.classes.parsed(file).resolve(text).full if file else text


def _guarded_ranges(classes: Classes, file: str) -> tuple[tuple[int, int], ...]:
    """First and last lines of the functions that call `hasTable()` or `hasColumn()`, or a method of the same file that does; all of
    a test that changes tables, or makes them under names that are put together."""
    source = classes.source(file)
    if area_of(file) == "test" and _ALTERED.search(source):
        return ((1, source.count(b"\n") + 1),)
    lines = _lines_of(_GUARD, source)
    if not lines:
        return ()
    parsed = classes.parsed(file)
    functions = [*parsed.functions, *(f for c in parsed.classes for f in c.methods.values())]
    asking = [f for f in functions if any(f.line <= line <= f.end_line for line in lines)]
    names = b"|".join(
        re.escape(f.name.rsplit("\\", 1)[-1].encode("utf-8", "surrogateescape")) for f in asking if f.name
    )
    calls = (
        _lines_of(re.compile(rb"(?:\$this->|self::|static::)(?:" + names + rb")\("), source) if names else []
    )
    return tuple(
        (f.line, f.end_line)
        for f in functions
        if f in asking or any(f.line <= line <= f.end_line for line in calls)
    )


def _lines_of(pattern: re.Pattern[bytes], source: bytes) -> list[int]:
    return [source.count(b"\n", 0, m.start()) + 1 for m in pattern.finditer(source)]


@lru_cache(maxsize=4_096)
def _split_union(text: str) -> tuple[str, ...]:
    """The parts of a type, not those of its arguments."""
    return _split(text, "|&")


def _split_arguments(text: str) -> list[str]:
    return [part.strip() for part in _split(text, ",")]


def _split(text: str, separators: str) -> tuple[str, ...]:
    """The text cut at these characters where they are in no brackets."""
    parts, depth, start = [], 0, 0
    for position, char in enumerate(text):
        if char in "<({":
            depth += 1
        elif char in ">)}":
            depth -= 1
        elif char in separators and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return (*parts, text[start:])
