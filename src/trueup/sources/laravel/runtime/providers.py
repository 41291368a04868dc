"""What service providers set for migrations: string length, morph keys, macros.

Providers are not run. Of their methods only the statements that make such settings are, with the conditions around them."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.model.project import Project
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.sources.php import tree
from trueup.sources.php.parse import PhpFile

_WANTED = (
    b"defaultStringLength",
    b"defaultMorphKeyType",
    b"defaultTimePrecision",
    b"morphUsing",
    b"::macro(",
    b"useNativeSchemaOperationsIfPossible",
    b"blueprintResolver",
)
_SETTERS = {
    "defaultstringlength",
    "defaultmorphkeytype",
    "defaulttimeprecision",
    "morphusinguuids",
    "morphusingulids",
    "usenativeschemaoperationsifpossible",
    "blueprintresolver",
}
_MACRO_CLASSES = {
    "blueprint",
    "schema",
    "builder",
    "columndefinition",
    "db",
    "connection",
    "str",
    "stringable",
    "foreignkeydefinition",
    "fluent",
}


def setting_files(project: Project, classes: ClassFiles) -> list[PhpFile]:
    """Files of the project that make such settings, outside of migrations and tests."""
    import os

    found: list[PhpFile] = []
    for file in project.files:
        if not _may_hold_settings(file):
            continue
        try:
            with open(os.path.join(project.root, file), "rb") as handle:
                source = handle.read()
        except OSError:
            continue
        if any(w in source for w in _WANTED):
            parsed = classes.parsed(file)
            if parsed is not None:
                found.append(parsed)
    return found


def _may_hold_settings(file: str) -> bool:
    lowered = file.lower()
    if "tests/" in lowered or "/migrations/" in lowered or lowered.startswith("stubs/"):
        return False
    return (
        "provider" in lowered
        or "macro" in lowered
        or "/database/" in lowered
        or lowered == "bootstrap/app.php"
    )


def setting_statements(file: PhpFile) -> list[tree.Stmt]:
    """The statements that set something, with the `if`s around them and nothing else."""
    kept: list[tree.Stmt] = []
    for cls in file.classes:
        for method in cls.methods.values():
            kept.extend(_settings_in(method.body))
    kept.extend(_settings_in(file.statements))
    return kept


def _settings_in(statements: Iterable[tree.Stmt]) -> list[tree.Stmt]:
    kept: list[tree.Stmt] = []
    for statement in statements:
        if isinstance(statement, tree.ExpressionStatement):
            setting = _setting(statement.value)
            if setting is not None:
                kept.append(tree.ExpressionStatement(statement.line, setting))
        elif isinstance(statement, tree.If):
            then, otherwise = _settings_in(statement.then), _settings_in(statement.otherwise)
            if then or otherwise:
                kept.append(tree.If(statement.line, statement.condition, tuple(then), tuple(otherwise)))
        elif isinstance(statement, tree.Block | tree.Try):
            kept.extend(_settings_in(statement.body))
    return kept


def _setting(value: tree.Expr) -> tree.Expr | None:
    """A call that sets something, made static: a builder that was injected sets the same statics."""
    if not isinstance(value, tree.StaticCall | tree.MethodCall) or not isinstance(value.name, str):
        return None
    name = value.name.lower()
    if isinstance(value, tree.MethodCall):
        if name not in _SETTERS:
            return None
        schema = tree.Name(value.line, "Schema", "Illuminate\\Support\\Facades\\Schema")
        return tree.StaticCall(value.line, schema, value.name, value.args)
    if not isinstance(value.cls, tree.Name):
        return None
    short = value.cls.full.rsplit("\\", 1)[-1].lower()
    wanted = (
        short in ("schema", "builder") if name in _SETTERS else name == "macro" and short in _MACRO_CLASSES
    )
    return value if wanted else None
