"""What a host is asked, and what it can do with what it gets."""

# hooks of a host

from __future__ import annotations

from tests.php.oracle import PlainHost, tell
from trueup.model.locations import Location
from trueup.sources.php.evaluate import Interpreter
from trueup.sources.php.host import Context, HostFunction
from trueup.sources.php.parse import PhpFile, parse
from trueup.sources.php.throwables import PhpThrow, ThrowableState
from trueup.sources.php.values import (
    MISSING,
    Args,
    HostObject,
    Missing,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

Call = tuple[str, list[object], int]


class Builder(HostObject):
    """Remembers what was called on it; every method answers the builder."""

    def __init__(self, log: list[Call]) -> None:
        self.log = log

    @property
    def php_class(self) -> str:
        return "Lib\\Builder"

    def ancestors(self) -> tuple[str, ...]:
        return ("Lib\\Contract",)

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        if method == "nothing":
            return MISSING
        self.log.append((method, [tell(v) for v in args.positional], args.at.line))
        for value in args.positional:
            if ctx.is_callable(value) and not isinstance(value, str):
                ctx.invoke(value, (self,))
        return self

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        return f"prop {prop}" if prop == "known" else MISSING

    def offset_get(self, key: Value, ctx: Context) -> Value | Missing:
        return key

    def iterate(self, ctx: Context) -> list[tuple[Value, Value]]:
        return [("a", 1), ("b", 2)]

    def count(self, ctx: Context) -> int:
        return 2

    def to_string(self, ctx: Context) -> str:
        return "builder"


class Model(HostObject):
    """The host's part of a model."""

    def __init__(self, owner: PhpObject) -> None:
        self.owner = owner
        self.attributes: dict[str, Value] = {}

    @property
    def php_class(self) -> str:
        return "Lib\\Model"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        if method == "getTable":
            return ctx.get_property(self.owner, "table") if "table" in self.owner.props else "guessed"
        if method == "__construct":
            self.attributes["filled"] = args.get(0)
            return None
        return MISSING

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        return self.attributes.get(prop)

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        self.attributes[prop] = value
        return True


class Library(PlainHost):
    """A small framework."""

    def __init__(self, files: dict[str, PhpFile] | None = None) -> None:
        super().__init__(files)
        self.log: list[Call] = []

    def alias(self, name: str) -> str:
        return "Lib\\Schema" if name == "Schema" else name

    def ancestors(self, cls: str) -> tuple[str, ...] | None:
        return {
            "Lib\\Model": ("Lib\\Base",),
            "Lib\\QueryException": ("PDOException", "RuntimeException", "Exception"),
        }.get(cls)

    def function(self, name: str) -> HostFunction | None:
        return (
            (lambda args, _: f"config {args.get(0, 'key')}") if name == "config" else super().function(name)
        )

    def call_static(
        self, cls: str, method: str, args: Args, ctx: Context, called: PhpClass | None
    ) -> Value | Missing:
        if cls == "Lib\\Schema":
            return Builder(self.log).call(method, args, ctx)
        if cls == "Lib\\Model":
            return f"{called.name if called else cls}::{method}"
        return MISSING

    def construct(self, cls: str, args: Args, ctx: Context) -> Value | Missing:
        return Builder(self.log) if cls == "Lib\\Builder" else MISSING

    def base(self, cls: str, owner: PhpObject, ctx: Context) -> HostObject | None:
        return Model(owner) if cls == "Lib\\Model" else None

    def class_constant(self, cls: str, name: str, ctx: Context, called: PhpClass | None) -> Value | Missing:
        return "created_at" if (cls, name) == ("Lib\\Model", "CREATED_AT") else MISSING

    def constant(self, name: str) -> Value | Missing:
        return 7 if name == "LARAVEL_START" else MISSING


def evaluate(code: str, files: dict[str, str] | None = None) -> tuple[Value, Library, Interpreter]:
    parsed = {name: parse(f"<?php {text}".encode(), f"{name}.php") for name, text in (files or {}).items()}
    host = Library(parsed)
    interpreter = Interpreter(host)
    outcome = interpreter.run(parse(f"<?php {code}".encode(), "a.php"))
    assert outcome.thrown is None, outcome.thrown
    assert outcome.limit is None
    return outcome.value, host, interpreter


def test_a_migration() -> None:
    _, host, _ = evaluate(
        """use Lib\\Schema; class M { public function up() {
            Schema::create('users', function ($table) {
                $table->id();
                $table->string('name')
                    ->nullable();
            });
        } } (new M)->up(); \\Schema::drop('x');"""
    )
    assert host.log == [
        ("create", ["string 7573657273", "closure"], 2),
        ("id", [], 3),
        ("string", ["string 6e616d65"], 4),
        ("nullable", [], 5),
        ("drop", ["string 78"], 7),
    ]


def test_host_objects_in_the_language() -> None:
    value, _, _ = evaluate(
        """$b = new Lib\\Builder; foreach ($b as $k => $v) { $o[$k] = $v; }
        return [$o, count($b), "$b", $b['k'], isset($b['k']), $b->known, $b instanceof Lib\\Contract,
            $b instanceof Countable, is_callable([$b, 'x']), get_class($b), $b::class];"""
    )
    assert isinstance(value, PhpArray)
    shown = [tell(v) for v in value.values()]
    assert shown[1:] == [
        tell(v)
        for v in (2, "builder", "k", True, "prop known", True, False, True, "Lib\\Builder", "Lib\\Builder")
    ]


def test_what_a_host_does_not_have_is_unknown() -> None:
    value, _, _ = evaluate(
        "$b = new Lib\\Builder; return [$b->nothing(), $b->other, Other::go(), new Other, Other::X, other_function()];"
    )
    assert isinstance(value, PhpArray)
    reasons = [v.reason if isinstance(v, Unknown) else v for v in value.values()]
    assert reasons == [
        "the result of Lib\\Builder::nothing()",
        "the property Lib\\Builder::$other",
        "the result of Other::go()",
        "the result of new Other()",
        "the constant Other::X",
        "the result of other_function()",
    ]


MODEL = """namespace App; class User extends \\Lib\\Model { const T = 'people'; protected $table = self::T;
    public static function t() { return (new static)->getTable(); } public function scopeA() { return $this->name; } }"""


def test_classes_that_extend_the_frameworks() -> None:
    value, _, _ = evaluate(
        """use App\\User; $u = new User(['a' => 1]); $u->name = 'n'; return [$u->getTable(), User::t(), User::T, User::query(),
            $u->scopeA(), $u->filled['a'], isset($u->zz), $u instanceof \\Lib\\Base, User::CREATED_AT, (new User)->getTable()];""",
        {"App\\User": MODEL},
    )
    assert isinstance(value, PhpArray)
    assert value.values() == [
        "people",
        "people",
        "people",
        "App\\User::query",
        "n",
        1,
        False,
        True,
        "created_at",
        "people",
    ]


def test_functions_and_constants_of_the_host() -> None:
    value, _, _ = evaluate(
        "namespace App; return [config('a.b'), \\config(key: 'c'), LARAVEL_START, strlen('abc')];"
    )
    assert isinstance(value, PhpArray)
    assert value.values() == ["config a.b", "config c", 7, 3]


def test_exceptions_of_the_host_are_caught_by_their_ancestors() -> None:
    class Failing(Library):
        def function(self, name: str) -> HostFunction | None:
            def fail(_args: Args, ctx: Context) -> Value:
                raise PhpThrow(
                    ThrowableState(
                        "Lib\\QueryException", "no such table", ctx.at, parents=("PDOException", "Exception")
                    ),
                    ctx.at,
                )

            return fail if name == "fail" else super().function(name)

    code = "<?php try { fail(); } catch (LogicException $e) { return 1; } catch (\\PDOException $e) { return $e->getMessage(); }"
    assert Interpreter(Failing()).run(parse(code.encode(), "a.php")).value == "no such table"
    outcome = Interpreter(Failing()).run(parse(b"<?php\n\nfail();", "a.php"))
    assert outcome.thrown is not None
    assert (outcome.thrown.php_class, outcome.thrown.message, outcome.thrown.at) == (
        "Lib\\QueryException",
        "no such table",
        Location("a.php", 3),
    )


def test_the_places_of_uncaught_errors() -> None:
    outcome = Interpreter(Library()).run(parse(b"<?php\n$a = null;\n$x = [\n  $a->id,\n];", "a.php"))
    assert outcome.thrown is not None
    assert str(outcome.thrown) == 'ErrorException: Attempt to read property "id" on null at a.php:4'


def test_services_for_hosts() -> None:
    _, _, interpreter = evaluate(
        "class A { public $p = 1; function m($x) { return $x . $this->p; } static function s() { return 's'; } }"
    )
    made = interpreter.run_new("A").value
    assert interpreter.call_method(made, "m", ("x",)) == "x1"
    assert interpreter.call_static("A", "s") == "s"
    assert interpreter.has_method(made, "M")
    assert interpreter.has_method("A", "s")
    assert not interpreter.has_method("B", "s")
    assert interpreter.get_property(made, "p") == 1
    interpreter.set_property(made, "p", 2)
    assert interpreter.run_method(made, "m", Args(("y",))).value == "y2"
    assert interpreter.call_function("strtoupper", ("a",)) == "A"
    assert interpreter.find_class("Nope") is None
    assert interpreter.loose_equal("1", 1) is True
    assert interpreter.run_static("A", "s").value == "s"
    assert interpreter.run_closure("strrev", Args(("ab",))).value == "ba"
    assert interpreter.class_constant("A", "class") == "A"


def test_a_host_can_leave_a_decision_open() -> None:
    class Maybe(Library):
        def function(self, name: str) -> HostFunction | None:
            def maybe(args: Args, ctx: Context) -> Value:
                return ctx.choose(Unknown("the weather"), (lambda: ctx.invoke(args.get(0)), lambda: None))

            return maybe if name == "maybe" else super().function(name)

    host = Maybe()
    outcome = Interpreter(host).run(
        parse(b"<?php maybe(function () { effect('a'); }); maybe(fn() => 1);", "a.php")
    )
    assert host.effects == []
    assert [g.reason for g in outcome.gaps] == ["can't be decided: the weather"]


def test_reflection() -> None:
    value, _, _ = evaluate(
        """namespace App;
        abstract class P { const K = 1; } class Q extends P { function f() {} }
        $r = new \\ReflectionClass(new Q);
        return [$r->getShortName(), $r->getName(), $r->isAbstract(), $r->hasMethod('F'),
            $r->getConstants(), $r->isSubclassOf(P::class), $r->newInstance() instanceof Q,
            $r->getParentClass()->getShortName()];"""
    )
    assert isinstance(value, PhpArray)
    assert [tell(v) for v in value.values()] == [
        tell(v) for v in ("Q", "App\\Q", False, True, PhpArray.of({"K": 1}), True, True, "P")
    ]


def test_included_files_and_declarations() -> None:
    interpreter = Interpreter(Library())
    interpreter.declare(parse(b"<?php function helper($x) { return $x * 2; } class Late {}", "h.php"))
    file = parse(
        b"<?php return ['a' => helper(4), 'b' => Late::class, 'c' => class_exists('Late')];", "c.php"
    )
    outcome = interpreter.run(file)
    assert isinstance(outcome.value, PhpArray)
    assert dict(outcome.value.items()) == {"a": 8, "b": "Late", "c": True}


def test_newer_php() -> None:
    value, _, _ = evaluate(
        """class P { public private(set) string $x = 'a'; public string $full { get => $this->x . 'b'; }
            public function __construct(public readonly array $o = []) {} }
        return [new P()->x, 'abc' |> strrev(...) |> (fn($x) => $x . '!'), new P([1])->o, new P()->full];"""
    )
    assert isinstance(value, PhpArray)
    *known, hooked = value.values()
    assert [tell(v) for v in known] == [tell(v) for v in ("a", "cba!", PhpArray((1,)))]
    assert isinstance(hooked, Unknown)


def test_die_ends_the_run() -> None:
    outcome = Interpreter(Library()).run(
        parse(b"<?php try { die; } finally { effect('f'); } effect('x');", "a.php")
    )
    assert outcome.stopped
