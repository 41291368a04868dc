"""Goes through a project's PHP and gathers its query sites."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from trueup.model.eloquent import Eloquent
from trueup.model.locations import Gap, Location
from trueup.model.project import Project
from trueup.model.queries import Queries, QuerySite
from trueup.model.schema import Schema
from trueup.parallel import cores
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.queries import rules
from trueup.sources.laravel.queries.builder import ColumnsOf, area_of
from trueup.sources.laravel.queries.found import Found
from trueup.sources.laravel.queries.program import NO_SIGN, Program, Signs
from trueup.sources.laravel.queries.values import Arr, Const, Frame, Query, Value, options
from trueup.sources.laravel.queries.walker import Walker
from trueup.sources.php import tree as php
from trueup.sources.php.tree import ClassDecl, FunctionDecl

_CALLS = (
    rb"(?:::|->)(?:where\w*|orWhere\w*|get|first\w*|find\w*|create\w*|save\w*|update\w*|delete|insert\w*|upsert|paginate|pluck|"
    rb"count|sum|exists|latest|oldest|orderBy\w*|select\w*|join|leftJoin|attach|detach|sync\w*|increment|decrement|forceDelete|"
    rb"restore|load\w*|with\w*|all|truncate|chunk\w*|cursor|value|max|min|avg|fill|forceFill|statement|factory|doesntExist|touch|"
    rb"toggle|validate|refresh|fresh|unprepared|push|has\w*|query|newQuery|has(?:One|Many)\w*|belongsTo\w*|morph\w*)\("
)
_WORDS = (
    rb"DB::|table\(|exists:|unique:|Rule::|assert(?:Not)?SoftDeleted|assertDatabase|Builder\b|Relations\b"
)
"""What a method's text must hold to be walked for itself; code without any of it asks nothing of a database."""
_TEST_CALLS = rb"->(?:create|save|update|delete|insert|attach|sync|query)\("
_TEST_WORDS = rb"DB::|table\(|assert(?:Not)?SoftDeleted|assertDatabase|Rule::"
"""The same for tests, most of whose calls are on mocks and responses, and for views, which are handed what they show; the names of
models are signs there as everywhere."""
_MAX_TRAIT_USERS = 4
_SKIPPED_AREAS = frozenset({"migration"})
_WORTH_SHARING = 300_000
"""Bytes of PHP from which on a second process is worth its start."""


def program_of(project: Project, eloquent: Eloquent, schema: Schema, classes: Classes) -> Program:
    """What all walks of a reading share."""
    program = Program(classes, eloquent, columns_of(schema), driver=schema.driver)
    program.user_model = _user_model(eloquent, program.classes)
    program.signs = _signs(eloquent, _CALLS, _WORDS)
    program.test_signs = _signs(eloquent, _TEST_CALLS, _TEST_WORDS)
    _read_config(program, project)
    program.classes.prepare()
    return program


def walked_files(program: Program, project: Project) -> list[str]:
    """The files that bear a sign of a query."""
    files = (*project.files, *project.views)
    return [f for f in files if area_of(f) not in _SKIPPED_AREAS and _signed_lines(program, f)]


def processes_for(program: Program, files: Iterable[str]) -> int:
    """How many processes are worth their start for walking these files."""
    size = sum(len(program.classes.source(f)) for f in files)
    return cores() if size > _WORTH_SHARING else 1


def found_in(program: Program, file: str) -> Found:
    """What the walk of one file finds; it does not depend on the files before it."""
    program.start_file()
    try:
        _read_file(Walker(program), file)
    except RecursionError:
        reason = "the code is nested too deeply to be followed"
        program.found.limits.add(Gap(Location(file), reason, "limit"))
    return program.found


def gathered(parts: Iterable[Found]) -> Queries:
    """What was found file by file, as one."""
    whole = Found()
    for part in parts:
        whole.add(part)
    sites = tuple(sorted(whole.sites.values(), key=_place))
    fields = tuple(rule for _, rule in sorted(whole.fields.items()))
    lazy = tuple(load for _, load in sorted(whole.lazy.items()))
    scopes = tuple(
        sorted(whole.scopes, key=lambda s: (s.model, s.column.at, s.column.column, s.column.operator))
    )
    return Queries(sites, whole.gaps(), fields, lazy, scopes, tuple(sorted(whole.limits)))


def _signs(eloquent: Eloquent, calls: bytes, words: bytes) -> Signs:
    """The signs of a query: the framework's, and the names of the project's models. One expression a kind: where all
    alternatives are plain text, the search is many times as fast."""
    names = sorted({m.short for m in (*eloquent.models, *eloquent.test_models)})
    models = "|".join(re.escape(n) for n in names).encode("utf-8", "surrogateescape")
    named = re.compile(rb"(?:" + models + rb")(?:::|\()") if models else NO_SIGN
    return re.compile(calls), (re.compile(words), named)


def _place(site: QuerySite) -> tuple[str, int, str, str, str]:
    return (site.at.file, site.at.line, site.terminal, site.table, repr(site.columns))


def columns_of(schema: Schema) -> ColumnsOf:
    """Lower-case column names by table, from what the migrations build."""
    known = {t.name.lower(): frozenset(c.name.lower() for c in t.columns) for t in schema.tables}

    def look_up(table: str) -> frozenset[str] | None:
        return known.get(table.rsplit(".", 1)[-1].lower())

    return look_up


_PROVIDED = re.compile(rb"[\"']model[\"']\s*=>\s*(?:env\([^,()]*,\s*)?([\\\w]+)::class")


def _user_model(eloquent: Eloquent, classes: Classes) -> str:
    """The model of whoever is logged in: what config/auth.php says; "" where it names several, for guards of their own."""
    file = "config/auth.php"
    written = _PROVIDED.findall(re.sub(rb"(?m)^[^\S\n]*+(?://|#|\*).*$", b"", classes.source(file)))
    parsed = classes.parsed(file) if written else None
    provided = {parsed.resolve(name.decode()).full.lstrip("\\") for name in written} if parsed else set()
    if provided:
        model = eloquent.model(next(iter(provided)))
        return model.name if model is not None and len(provided) == 1 else ""
    named = sorted(m.name for m in eloquent.models if m.short == "User" and not m.abstract)
    return min(named, key=len) if named else ""


def _read_file(walker: Walker, file: str) -> None:
    lines = _signed_lines(walker.program, file)
    if file in walker.program.classes.cut:
        reason = "the template has brackets or strings without an end: not all of it was told apart"
        walker.program.found.limits.add(Gap(Location(file), reason, "limit"))
    parsed = walker.program.classes.parsed(file)
    for decl in parsed.classes:
        for this in _instances(walker, decl):
            walker.program.inherited = decl.kind == "class" and this != decl.name
            for function in decl.methods.values():
                if _is_signed(function, lines):
                    _read_method(walker, decl, function, this)
            _read_rules_property(walker, decl, this)
    walker.program.inherited = False
    for function in parsed.functions:
        walker.enter(function, Frame(file, {}, "", function.name), None)
    walker.start(Location(file, 1))
    # Closures that a test file hands to its runner share one object, whose properties they set up for each other.
    top = Frame(file, {}, f"{file}::$this" if area_of(file) == "test" else "", "")
    walker.block(
        tuple(s for s in parsed.statements if not isinstance(s, php.ClassStatement | php.FunctionStatement)),
        top,
    )
    if parsed.anonymous is not None:
        for function in parsed.anonymous.methods.values():
            walker.enter(function, Frame(file, {}, "", function.name), parsed.anonymous)


def _signed_lines(program: Program, file: str) -> list[int]:
    """The lines of a file that bear a sign of a query, in order."""
    if file not in program.signed:
        source = program.classes.source(file)
        calls, words = program.test_signs if area_of(file) in {"test", "view"} else program.signs
        places = [m.start() for m in calls.finditer(source)]
        for expression in words:
            places += [m.start() for m in expression.finditer(source) if not _continues(source, m)]
        lines: list[int] = []
        line, position = 1, 0
        for place in sorted(places):
            line += source.count(b"\n", position, place)
            position = place
            lines.append(line)
        program.signed[file] = lines
    return program.signed[file]


def _continues(source: bytes, match: re.Match[bytes]) -> bool:
    """Whether the match is the end of some other name; types such as EloquentBuilder are meant."""
    before = source[match.start() - 1 : match.start()]
    return (before.isalnum() or before == b"_") and match[0] not in (b"Builder", b"Relations")


def _is_signed(function: FunctionDecl, lines: list[int]) -> bool:
    first = bisect_left(lines, function.line)
    return first < len(lines) and lines[first] <= max(function.end_line, function.line)


def _instances(walker: Walker, decl: ClassDecl) -> list[str]:
    """The classes that `$this` can be in a class's methods: itself, its subclasses, or those that use a trait."""
    if decl.kind == "interface":
        return []
    if decl.kind != "trait":
        classes = walker.program.classes
        heirs = [
            h
            for h in classes.heirs(decl.name)
            if area_of(classes.where.get(h.lower(), "")) == area_of(decl.file)
        ][:_MAX_TRAIT_USERS]
        if walker.program.model(decl.name) is not None and not decl.abstract:
            return [decl.name]
        return heirs if heirs and decl.abstract else [decl.name, *heirs]
    return walker.program.classes.trait_users(decl)[:_MAX_TRAIT_USERS] or [decl.name]


def _read_method(walker: Walker, decl: ClassDecl, function: FunctionDecl, this: str) -> None:
    frame = Frame(decl.file, {}, this, f"{this}::{function.name}")
    if walker.program.is_builder(this):
        frame.self_value = Query(walker.program.custom_query(this, frame, function.line))
    model = walker.program.model(this)
    scope = model is not None and _is_scope(function)
    if scope and function.params:
        walker.start(Location(decl.file, function.line))
        walker.bind_types(function, frame, decl)
        query = walker.program.model_query(frame, function.line, this)
        frame.variables[function.params[0].name] = Query(query)
        walker.run(function, frame)
        _record_unfinished(walker, frame.variables.get(function.params[0].name), query, function.line, frame)
        return
    result = walker.enter(function, frame, decl)
    for option in options(result):
        if function.name.lower() in {"rules", "validationrules"} and isinstance(option, Arr):
            rules.read_rules(walker, option, frame)
        if (
            isinstance(option, Query)
            and option.builder.known()
            and not option.builder.finished
            and option.builder.uses
        ):
            walker.program.record(option.builder, "builder", f"{function.name}()", option.builder.at)


def _is_scope(function: FunctionDecl) -> bool:
    named = function.name.startswith("scope") and function.name[5:6].isupper()
    return named or any(a.name.text.rsplit("\\", 1)[-1] == "Scope" for a in function.attributes)


def _record_unfinished(walker: Walker, value: Value | None, query: object, line: int, frame: Frame) -> None:
    """A scope is read as a site of its own, so that its columns are judged although no caller was seen."""
    if isinstance(value, Query) and value.builder is query and value.builder.uses and value.builder.known():
        name = frame.method.rsplit("::", 1)[-1]
        walker.program.record(value.builder, "builder", name, Location(frame.file, line))


def _read_rules_property(walker: Walker, decl: ClassDecl, this: str) -> None:
    member = decl.properties.get("rules") or decl.properties.get("validationRules")
    if member is None or member.default is None:
        return
    value = walker.expr(member.default, Frame(decl.file, {}, this))
    if isinstance(value, Arr):
        rules.read_rules(walker, value, Frame(decl.file, {}, this))


# ── config ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_config(program: Program, project: Project) -> None:
    """Strings of config/*.php by dotted key, with `env()` at its default: table names are kept there."""
    walker = Walker(program)
    for file in project.files:
        if file.startswith("config/") and file.count("/") == 1:
            for statement in walker.program.classes.parsed(file).statements:
                if isinstance(statement, php.Return) and statement.value is not None:
                    value = walker.expr(statement.value, Frame(file))
                    walker.program.config.update(_flat(file[len("config/") : -len(".php")], value))


def _flat(prefix: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Arr):
        for key, item in value.keyed():
            yield from _flat(f"{prefix}.{key}", item.value)
    elif isinstance(value, Const) and isinstance(value.value, str):
        yield prefix, value.value
