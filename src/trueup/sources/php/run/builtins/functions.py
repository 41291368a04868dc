"""Calling, variables of the caller, and the surroundings of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import calls, places
from trueup.sources.php.run.builtins.registry import builtin, framed, opaque
from trueup.sources.php.run.dispatch import evaluate
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.tree import Call
from trueup.sources.php.values import Args, PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


@builtin("call_user_func", "m:callback *m:args")
def _call_user_func(run: Runner, function: Value, *values: Value) -> Value:
    return run.invoke(function, values)


@builtin("call_user_func_array", "m:callback m:args")
def _call_user_func_array(run: Runner, function: Value, values: Value) -> Value:
    args = Args((), None, run.at)
    if isinstance(values, PhpArray):
        for key, value in values.items():
            if isinstance(key, str):
                args.named[key] = value
            else:
                args.positional.append(value)
        args.open = values.unknown
    elif isinstance(values, Unknown):
        args.open = values
    return run.invoke(function, args)


# ── the caller's variables ───────────────────────────────────────────────────────────────────────────────────────────────────────


@framed("compact")
def _compact(run: Runner, frame: Frame, node: Call) -> Value:
    made = PhpArray()
    for argument in calls.arguments(run, frame, node.args, node.line).positional:
        _add_variables(run, frame, made, argument, 0)
    return made


def _add_variables(run: Runner, frame: Frame, made: PhpArray, name: Value, depth: int) -> None:
    if isinstance(name, PhpArray) and depth < 16:
        for inner in name.values():
            _add_variables(run, frame, made, inner, depth + 1)
    elif isinstance(name, Unknown):
        made.unknown = name
    elif isinstance(name, str):
        if name not in frame.vars:
            run.warn(f"compact(): Undefined variable ${name}")
            return
        held = frame.vars[name]
        value = held.value if isinstance(held, Ref) else held
        made.set(name, value.share() if isinstance(value, PhpArray) else value)


@framed("extract")
def _extract(run: Runner, frame: Frame, node: Call) -> Value:
    args = calls.arguments(run, frame, node.args, node.line)
    array = args.get(0)
    if not isinstance(array, PhpArray) or len(args) > 1 or array.unknown is not None:
        run.gap("what extract() makes of an array is not known", "undecided")
        return run.unknown("the result of extract()")
    for key, value in array.items():
        if isinstance(key, str) and key.isidentifier() and key != "this":
            places.set_variable(run, frame, key, value)
    return len(array)


@framed("get_defined_vars")
def _get_defined_vars(_run: Runner, frame: Frame, _node: Call) -> Value:
    pairs = [(k, v.value if isinstance(v, Ref) else v) for k, v in frame.vars.items() if k != "this"]
    return PhpArray.of([(k, v.share() if isinstance(v, PhpArray) else v) for k, v in pairs])


def _given(frame: Frame) -> list[Value]:
    values = frame.args.positional if frame.args is not None else []
    return [v.value if isinstance(v, Ref) else v for v in values]


@framed("func_get_args")
def _func_get_args(_run: Runner, frame: Frame, _node: Call) -> Value:
    return PhpArray(_given(frame))


@framed("func_num_args")
def _func_num_args(_run: Runner, frame: Frame, _node: Call) -> Value:
    return len(_given(frame))


@framed("func_get_arg")
def _func_get_arg(run: Runner, frame: Frame, node: Call) -> Value:
    index = evaluate(run, frame, node.args[0].value) if node.args else 0
    given = _given(frame)
    return given[index] if isinstance(index, int) and 0 <= index < len(given) else None


# ── surroundings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin(
    "usleep sleep set_time_limit ini_set gc_collect_cycles gc_enable gc_disable error_reporting set_error_handler "
    "restore_error_handler set_exception_handler ob_start ob_end_clean ob_get_clean ob_end_flush flush setlocale "
    "register_shutdown_function spl_autoload_register assert date_default_timezone_set mb_internal_encoding_set "
    "ignore_user_abort clearstatcache libxml_use_internal_errors debug_print_backtrace fflush opcache_reset",
    "*m:rest",
)
def _nothing(_: Runner, *_rest: Value) -> Value:
    """What changes nothing that matters here."""
    return None


@builtin("php_sapi_name", "")
def _php_sapi_name(_: Runner) -> Value:
    return "cli"


@builtin("phpversion", "?s:extension=null")
def _phpversion(run: Runner, extension: str | None) -> Value:
    return run.unknown("the version of PHP" if extension is None else f"the version of {extension}")


@builtin("version_compare", "s:version1 s:version2 ?s:operator=null")
def _version_compare(run: Runner, a: str, b: str, operator: str | None) -> Value:
    order = _version_order(a, b)
    if operator is None:
        return order
    tests = {
        "<": order < 0, "lt": order < 0, "<=": order <= 0, "le": order <= 0, ">": order > 0, "gt": order > 0,
        ">=": order >= 0, "ge": order >= 0, "==": order == 0, "eq": order == 0, "!=": order != 0, "ne": order != 0,
        "<>": order != 0,
    }  # fmt: skip
    if operator not in tests:
        raise run.throw(
            "ValueError", "version_compare(): Argument #3 ($operator) must be a valid comparison operator"
        )
    return tests[operator]


_STAGES = {"dev": 0, "alpha": 1, "a": 1, "beta": 2, "b": 2, "RC": 3, "rc": 3, "#": 4, "pl": 5, "p": 5}


def _version_order(a: str, b: str) -> int:
    left, right = _version_parts(a), _version_parts(b)
    for index in range(max(len(left), len(right))):
        x = left[index] if index < len(left) else None
        y = right[index] if index < len(right) else None
        if x == y:
            continue
        if x is None or y is None:
            rest = y if x is None else x
            assert rest is not None
            newer = rest[0] >= _STAGES["#"]
            return (-1 if newer else 1) if x is None else (1 if newer else -1)
        return -1 if x < y else 1
    return 0


def _version_parts(version: str) -> list[tuple[int, int]]:
    import re

    words = re.findall(r"\d+|[A-Za-z]+", version)
    return [(_STAGES["#"], int(w)) if w.isdigit() else (_STAGES.get(w, -1), 0) for w in words]


opaque(
    "getenv gethostname getmypid memory_get_usage memory_get_peak_usage sys_get_temp_dir php_uname get_current_user getcwd "
    "ini_get get_cfg_var extension_loaded get_loaded_extensions sys_getloadavg get_include_path php_ini_loaded_file "
    "debug_backtrace error_get_last get_declared_classes get_defined_functions get_defined_constants",
    "the result of",
)
opaque(
    "file_get_contents file file_exists is_file is_dir is_readable is_writable is_link filesize filemtime fileperms glob scandir "
    "fopen fgets fgetcsv fread feof parse_ini_file realpath tempnam opendir readdir stream_get_contents getimagesize "
    "disk_free_space mime_content_type parse_ini_string str_getcsv simplexml_load_file simplexml_load_string",
    "the result of",
)
opaque(
    "http_build_query parse_url filter_var checkdnsrr gethostbyname inet_pton ip2long long2ip",
    "the result of",
)


@builtin("basename", "s:path s:suffix=''")
def _basename(_: Runner, path: str, suffix: str) -> Value:
    name = path.rstrip("/").rpartition("/")[2]
    return name[: -len(suffix)] if suffix and name.endswith(suffix) and name != suffix else name


@builtin("dirname", "s:path i:levels=1")
def _dirname(_: Runner, path: str, levels: int) -> Value:
    if not path:
        return ""
    for _level in range(min(max(levels, 1), 100)):
        head, slash, _name = path.rstrip("/").rpartition("/")
        path = head.rstrip("/") or ("/" if slash else ".")
    return path


@builtin("pathinfo", "s:path i:flags=15")
def _pathinfo(run: Runner, path: str, flags: int) -> Value:
    base = path.rstrip("/").rpartition("/")[2]
    stem, dot, extension = base.rpartition(".")
    made = PhpArray.of({"dirname": _dirname(run, path, 1), "basename": base})
    if dot:
        made.set("extension", extension)
    made.set("filename", stem if dot else base)
    if flags == 15:
        return made
    return made.get({1: "dirname", 2: "basename", 4: "extension", 8: "filename"}.get(flags, ""), "")
