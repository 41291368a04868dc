"""The same PHP run by php-cli and by the evaluator, told in the same words."""

# a host that answers nothing needs no arguments

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence

from trueup.sources.php.evaluate import Budget, Interpreter, Outcome
from trueup.sources.php.host import Context, HostFunction
from trueup.sources.php.parse import PhpFile, parse
from trueup.sources.php.run.convert import encode, float_text
from trueup.sources.php.values import (
    MISSING,
    Args,
    Closure,
    EnumCase,
    HostObject,
    Missing,
    NativeClosure,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

PHP = shutil.which("php")

_DRIVER = r"""<?php
set_error_handler(function ($no, $message) {
    if (error_reporting() & $no && !($no & (E_DEPRECATED | E_USER_DEPRECATED))) { throw new ErrorException($message); }
    return true;
});
function tell($v, $depth = 0) {
    if ($depth > 20) { return 'deep'; }
    if ($v === null) { return 'null'; }
    if (is_bool($v)) { return $v ? 'true' : 'false'; }
    if (is_int($v)) { return 'int ' . $v; }
    if (is_float($v)) { return 'float ' . var_export($v, true); }
    if (is_string($v)) { return 'string ' . bin2hex($v); }
    if ($v instanceof Closure) { return 'closure'; }
    if ($v instanceof UnitEnum) { return 'case ' . get_class($v) . '::' . $v->name; }
    if (is_array($v)) {
        $out = [];
        foreach ($v as $k => $item) { $out[] = [is_int($k) ? 'int ' . $k : 'string ' . bin2hex($k), tell($item, $depth + 1)]; }
        return ['array', $out];
    }
    $out = [];
    foreach (get_object_vars($v) as $k => $item) { $out[] = [(string) $k, tell($item, $depth + 1)]; }
    return ['object ' . get_class($v), $out];
}
ob_start();
$out = [];
foreach (json_decode(file_get_contents('php://stdin'), true) as $i => $code) {
    try {
        $told = tell((eval('return function () { ' . base64_decode($code) . ' };'))());
    } catch (Throwable $e) {
        $message = preg_replace('/, called in .*| in \S.* on line \d+(?= and)/', '', $e->getMessage());
        $told = 'throw ' . get_class($e) . ': ' . $message;
    }
    $out[] = $told;
}
ob_end_clean();
echo json_encode($out, JSON_THROW_ON_ERROR);
"""

Told = str | list[object]


def by_php(snippets: Sequence[str]) -> list[Told]:
    """What php-cli says of each snippet, a function's body; one process for all."""
    import base64

    assert PHP is not None
    payload = json.dumps(
        [base64.b64encode(s.encode("utf-8", "surrogateescape")).decode("ascii") for s in snippets]
    )
    command = [PHP, "-d", "zend.exception_string_param_max_len=15", "-r", _DRIVER.removeprefix("<?php")]
    done = subprocess.run(command, input=payload.encode(), capture_output=True, timeout=120, check=False)
    told: list[Told] = json.loads(done.stdout)
    return told


class PlainHost:
    """A host with nothing in it. `effects` is its whole state."""

    def __init__(self, files: dict[str, PhpFile] | None = None) -> None:
        self.files = files or {}
        self.effects: list[str] = []

    def class_file(self, name: str) -> PhpFile | None:
        return self.files.get(name)

    def alias(self, name: str) -> str:
        return name

    def ancestors(self, cls: str) -> tuple[str, ...] | None:
        return None

    def function(self, name: str) -> HostFunction | None:
        if name == "effect":
            return self._effect
        if name == "unknown":
            return lambda args, ctx: Unknown(str(args.get(0) or "something"), ctx.at)
        return None

    def _effect(self, args: Args, ctx: Context) -> Value:
        self.effects.append(str(ctx.to_string(args.get(0))))
        return None

    def constant(self, name: str) -> Value | Missing:
        return MISSING

    def call_static(
        self, cls: str, method: str, args: Args, ctx: Context, called: PhpClass | None
    ) -> Value | Missing:
        return MISSING

    def construct(self, cls: str, args: Args, ctx: Context) -> Value | Missing:
        if cls == "Vendor" or cls.startswith("Reflection"):
            return MISSING
        raise ctx.throw("Error", f'Class "{cls}" not found')

    def base(self, cls: str, owner: PhpObject, ctx: Context) -> HostObject | None:
        return None

    def class_constant(self, cls: str, name: str, ctx: Context, called: PhpClass | None) -> Value | Missing:
        return MISSING

    def static_property(self, cls: str, name: str, ctx: Context, called: PhpClass | None) -> Value | Missing:
        return MISSING

    def set_static_property(self, cls: str, name: str, value: Value, ctx: Context) -> bool:
        return False

    def include(self, path: str, ctx: Context) -> Value | Missing:
        return MISSING

    def path(self, file: str) -> str:
        return f"/project/{file}"

    def snapshot(self) -> object:
        return tuple(self.effects)

    def restore(self, snapshot: object) -> None:
        assert isinstance(snapshot, tuple)
        self.effects[:] = snapshot

    def same(self, a: object, b: object) -> bool:
        return a == b


def tell(value: Value, depth: int = 0) -> Told:
    if depth > 20:
        return "deep"
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return f"int {value}"
        case float():
            text = float_text(value, 17)
            return "float " + (text if any(c in text for c in ".EN") else f"{text}.0")
        case str():
            return "string " + encode(value).hex()
        case Closure() | NativeClosure():
            return "closure"
        case EnumCase():
            return f"case {value.cls.name}::{value.name}"
        case PhpArray():
            return ["array", [[tell(k), tell(v, depth + 1)] for k, v in value.items()]]
        case PhpObject():
            return [f"object {value.cls.name}", [[k, tell(v, depth + 1)] for k, v in _visible(value)]]
        case Unknown():
            return f"unknown {value.reason}"
        case _:
            return f"object {value.php_class}"


def _visible(value: PhpObject) -> list[tuple[str, Value]]:
    hidden = {
        n for c in value.cls.lineage() for n, p in c.decl.properties.items() if p.visibility != "public"
    }
    hidden |= {
        p.name
        for c in value.cls.lineage()
        for m in c.decl.methods.values()
        for p in m.params
        if p.promoted in ("private", "protected")
    }
    return [(k, v) for k, v in value.items() if k not in hidden]


def run(code: str, host: PlainHost | None = None, budget: Budget | None = None) -> tuple[Outcome, PlainHost]:
    """Evaluates a function's body; classes and functions in it are declared."""
    host = host or PlainHost()
    file = parse(
        b"<?php return (function () { " + code.encode("utf-8", "surrogateescape") + b" })();", "t.php"
    )
    return Interpreter(host, budget).run(file), host


def by_us(code: str) -> Told:
    outcome, _ = run(code)
    if outcome.thrown is not None:
        return f"throw {outcome.thrown.php_class}: {outcome.thrown.message}"
    if outcome.limit is not None:
        return f"limit {outcome.limit.reason}"
    return tell(outcome.value)
