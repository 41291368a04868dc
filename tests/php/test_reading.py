"""Reading trees without evaluating them."""

from __future__ import annotations

import pytest

from tests.php.oracle import tell
from trueup.sources.php.names import Uses, all_classes, class_name, constant_value, enum_value, function_name
from trueup.sources.php.parse import parse
from trueup.sources.php.tree import Call, ClosureExpr, ExpressionStatement, MethodCall, StaticCall
from trueup.sources.php.values import PhpArray, Unknown
from trueup.sources.php.walk import closures, find, walk

USES = Uses("App", {"schema": "Lib\\Schema", "pkg": "Vendor\\Pkg"}, {"f": "Lib\\f"})


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("Schema", "Lib\\Schema"),
        ("SCHEMA", "Lib\\Schema"),
        ("Pkg\\Thing", "Vendor\\Pkg\\Thing"),
        ("\\Schema", "Schema"),
        ("Other", "App\\Other"),
        ("namespace\\Other", "App\\Other"),
        ("Sub\\Other", "App\\Sub\\Other"),
        ("SELF", "self"),
        ("static", "static"),
    ],
)
def test_class_names(text: str, full: str) -> None:
    assert class_name(text, USES) == full


def test_function_names() -> None:
    assert [function_name(n, USES) for n in ("f", "F", "g", "\\g", "Pkg\\g")] == [
        "Lib\\f",
        "Lib\\f",
        "g",
        "g",
        "Vendor\\Pkg\\g",
    ]


FILE = parse(
    b"""<?php namespace App; const LIMIT = 'l';
    enum Status: string { case On = 'on'; case Off = 'o' . 'ff'; const D = self::On; }
    interface HasPrefix { const PREFIX = 'app_'; }
    abstract class Base implements HasPrefix { const NAME = 'base'; const TABLE = self::PREFIX . self::NAME; }
    class User extends Base { const NAME = 'user'; public $x = %s; }
    """,
    "a.php",
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a' . 'b' . 1", "ab1"),
        ("self::NAME", "user"),
        ("parent::NAME", "base"),
        ("self::TABLE", "app_base"),
        ("User::class", "App\\User"),
        ("static::class", "App\\User"),
        ("Status::On->value", "on"),
        ("Status::Off->value", "off"),
        ("[1, 'k' => [self::NAME => true], ...[2]]", [1, [True], 2]),
        ("-5", -5),
        ("1 + 2 * 3", 7),
        ("true ? 'a' : 'b'", "a"),
        ("LIMIT", "l"),
        ('"x{$y}"', None),
        ("foo()", None),
        ("Nope::X", None),
        ("self::NOPE", None),
        ("[1, foo()][0]", None),
    ],
)
def test_constant_values(expression: str, value: object) -> None:
    file = parse(FILE.source.replace(b"%s", expression.encode()), "a.php")
    user = file.class_named("app\\user")
    assert user is not None
    default = user.properties["x"].default
    assert default is not None
    folded = constant_value(default, file, file.class_named, user)
    if value is None:
        assert isinstance(folded, Unknown)
    elif isinstance(value, list):
        assert isinstance(folded, PhpArray)
        assert tell(folded) == tell(PhpArray.of([(0, 1), ("k", PhpArray.of({"user": True})), (1, 2)]))
    else:
        assert folded == value


def test_enum_values() -> None:
    status = FILE.class_named("App\\Status")
    assert status is not None
    assert enum_value(status, "Off") == "off"
    assert isinstance(enum_value(status, "Nope"), Unknown)


def test_all_classes_has_the_anonymous_ones() -> None:
    file = parse(
        b"<?php class A { function f() { return new class { function g() {} }; } } return new class extends A {};",
        "a.php",
    )
    assert [(c.anonymous, list(c.methods)) for c in all_classes(file)] == [
        (False, ["f"]),
        (True, ["g"]),
        (True, []),
    ]


def test_walking() -> None:
    file = parse(
        b"<?php S::t('a', function ($t) { $t->id(); $t->x(fn() => $t->y()); }); if ($a) { $b->z(); }", "a.php"
    )
    names = [n.name for n in find(MethodCall, *file.statements)]
    assert names == ["id", "x", "y", "z"]
    assert [n.name for n in find(MethodCall, *file.statements, into_functions=False)] == ["z"]
    assert [n.name for n in find(StaticCall, *file.statements)] == ["t"]
    assert [c.arrow for c in closures(*file.statements)] == [False, True]
    first = next(iter(walk(*file.statements)))
    assert isinstance(first, ExpressionStatement)
    assert ClosureExpr.fields == ("line", "function", "uses", "arrow", "static")


def test_spellings_that_the_grammar_does_not_take() -> None:
    file = parse(
        b"""<?php use App\\{User, Team,};
        class A {
            const string DEFAULT = 'const string DEFAULT = 2;'; private const string NAMESPACE = 'n'; const int|null LIST = 3;
            public function __construct(readonly private User $user, readonly protected Team $team) {}
        }""",
        "a.php",
    )
    cls = file.class_named("A")
    assert cls is not None
    assert file.gaps == ()
    assert file.uses.classes == {"user": "App\\User", "team": "App\\Team"}
    assert {name: constant_value(c.value) for name, c in cls.constants.items()} == {
        "DEFAULT": "const string DEFAULT = 2;",
        "NAMESPACE": "n",
        "LIST": 3,
    }
    assert [p.name for p in cls.methods["__construct"].params] == ["user", "team"]


def test_arguments_and_enums_that_the_grammar_does_not_take() -> None:
    """The names are those of the file itself."""
    code = "f(list: fn () => [], clone: 1, print: 2, b: 3); new A(\n    yield: 2,\n); enum Status: String { case OPEN = 'open'; }"
    file = parse(f"<?php {code}".encode(), "a.php")
    call = next(find(Call, *file.statements))
    status = file.class_named("Status")
    assert status is not None
    assert file.gaps == ()
    assert [a.name for a in call.args] == ["list", "clone", "print", "b"]
    assert (status.kind, status.backing) == ("enum", "string")
