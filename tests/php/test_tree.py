"""Source text → typed tree."""

from __future__ import annotations

import pytest

from trueup.model.locations import Gap, Location
from trueup.sources.php.parse import MAX_BYTES, PhpFile, parse
from trueup.sources.php.tree import (
    ClosureExpr,
    Echo,
    ExpressionStatement,
    Literal,
    MethodCall,
    New,
    Return,
    StaticCall,
    Try,
    UnsupportedStatement,
)


def php(code: str) -> PhpFile:
    return parse(f"<?php {code}".encode(), "a.php")


def test_names_are_resolved_where_they_stand() -> None:
    file = php(
        r"""namespace App\Models;
        use Illuminate\Support\Facades\{Schema, DB as Database};
        use function App\helper; use const App\LIMIT; use Vendor\Package;
        class User extends Model implements \Countable, Package\Contract { use namespace\Traits\HasName; }
        new Schema; new Database\Thing; new \Root; new self; helper(LIMIT, OTHER); other(); Package\f();"""
    )
    user = file.classes[0]
    assert user.name == r"App\Models\User"
    assert user.parent is not None
    assert user.parent.full == r"App\Models\Model"
    assert [n.full for n in user.interfaces] == ["Countable", r"Vendor\Package\Contract"]
    assert [n.full for n in user.uses[0].traits] == [r"App\Models\Traits\HasName"]
    shown = repr(file.statements[1:])
    for name in (
        r"Illuminate\\Support\\Facades\\Schema",
        r"Illuminate\\Support\\Facades\\DB\\Thing",
        "'Root'",
        "'self'",
    ):
        assert f"full={name if name.startswith(chr(39)) else chr(39) + name + chr(39)}" in shown
    assert r"full='App\\helper'" in shown
    assert r"full='App\\LIMIT'" in shown
    assert "full='OTHER'" in shown
    assert "full='other'" in shown
    assert r"full='Vendor\\Package\\f'" in shown


def test_two_namespaces_have_their_own_imports() -> None:
    file = php(r"namespace A; use X\Y; class P extends Y {} namespace B { class Q extends Y {} } ")
    parents = [c.parent.full if c.parent else "" for c in file.classes]
    assert [c.name for c in file.classes] == [r"A\P", r"B\Q"]
    assert parents == [r"X\Y", r"B\Y"]
    assert [u.namespace for u in file.namespaces] == ["A", "B"]


def test_a_call_in_a_chain_has_the_line_of_its_own_name() -> None:
    statement = php("\n$table->string('a')\n    ->nullable()\n\n    ->index();").statements[0]
    assert isinstance(statement, ExpressionStatement)
    lines = []
    call = statement.value
    while isinstance(call, MethodCall):
        lines.append((call.name, call.line))
        call = call.base
    assert lines == [("index", 5), ("nullable", 3), ("string", 2)]
    assert statement.line == 2


def test_members_with_doc_comments_attributes_and_types() -> None:
    cls = php(
        """/** The doc. */ #[Table('x')] final readonly class A {
        /** P */ #[Cast] protected static ?string $p = 'd', $q;
        const int ONE = 1, TWO = self::ONE . 'x';
        public function __construct(private readonly int $a = 5, ?B &...$rest) {}
        /** M */ abstract protected function m(): static;
        }"""
    ).classes[0]
    assert (cls.doc, cls.final, cls.readonly, cls.abstract) == ("/** The doc. */", True, True, False)
    assert [a.name.full for a in cls.attributes] == ["Table"]
    p = cls.properties["p"]
    assert (p.doc, p.type, p.visibility, p.static) == ("/** P */", "?string", "protected", True)
    assert list(cls.properties) == ["p", "q"]
    assert list(cls.constants) == ["ONE", "TWO"]
    constructor = cls.methods["__construct"]
    shown = [(x.name, x.type, x.promoted, x.readonly, x.by_ref, x.variadic) for x in constructor.params]
    assert shown == [("a", "int", "private", True, False, False), ("rest", "?B", "", False, True, True)]
    method = cls.method("M")
    assert method is not None
    assert (method.doc, method.abstract, method.visibility, method.return_type) == (
        "/** M */",
        True,
        "protected",
        "static",
    )


def test_enums_interfaces_and_traits() -> None:
    enum, interface, trait = php(
        """enum S: string implements I { case A = 'a'; case B = 'b'; const D = self::A; }
        interface I extends J, K {} trait T { function f() {} }"""
    ).classes
    assert (enum.kind, enum.backing, list(enum.cases), list(enum.constants)) == (
        "enum",
        "string",
        ["A", "B"],
        ["D"],
    )
    assert (interface.kind, [n.full for n in interface.parents], interface.parent) == (
        "interface",
        ["J", "K"],
        None,
    )
    assert (trait.kind, list(trait.methods)) == ("trait", ["f"])


def test_trait_rules() -> None:
    use = (
        php("class A { use B, C { B::f insteadof C; C::f as protected g; h as private; } }")
        .classes[0]
        .uses[0]
    )
    shown = [(r.kind, r.trait.full if r.trait else "", r.method, r.alias, r.visibility) for r in use.rules]
    assert shown == [
        ("insteadof", "B", "f", "", ""),
        ("as", "C", "f", "g", "protected"),
        ("as", "", "h", "", "private"),
    ]


def test_the_anonymous_class_of_a_migration() -> None:
    file = php(
        "use M\\Migration;\n/** Doc. */\nreturn new class extends Migration { public function up(): void { f(); } };"
    )
    cls = file.anonymous
    assert cls is not None
    assert (cls.anonymous, cls.parent and cls.parent.full, list(cls.methods), cls.doc) == (
        True,
        "M\\Migration",
        ["up"],
        "/** Doc. */",
    )
    assert cls.line == 3
    returned = file.statements[-1]
    assert isinstance(returned, Return)
    assert isinstance(returned.value, New)
    assert returned.value.cls is cls


def test_bodies_are_lowered_when_asked_for() -> None:
    method = php("class A { function f() { return 1; } }").classes[0].methods["f"]
    assert method.cache == []
    assert [type(s) for s in method.body] == [Return]
    assert len(method.cache) == 1


def test_classes_under_an_if_are_found() -> None:
    file = php("if (!class_exists('A')) { class A {} function f() {} } else { class B {} }")
    assert ([c.name for c in file.classes], [f.name for f in file.functions]) == (["A", "B"], ["f"])


def test_comments_with_their_lines() -> None:
    file = php("// a\n$x = '// no'; # b\n/* c\n d */ $y = \"#no\"; #[Attr]\nfunction f() { /** e */ }")
    assert [(c.text, c.line, c.end_line) for c in file.comments] == [
        ("// a", 1, 1),
        ("# b", 2, 2),
        ("/* c\n d */", 3, 4),
        ("/** e */", 5, 5),
    ]


def test_syntax_errors_are_located() -> None:
    file = php("\n$a = 1;\n$b = = 2;\n$c = 3;")
    assert file.gaps == (Gap(Location("a.php", 3, 6), "not readable as PHP", "syntax", "="),)
    kinds = [type(s).__name__ for s in file.statements]
    assert kinds[0] == "ExpressionStatement"
    assert kinds[-1] == "ExpressionStatement"


def test_a_truncated_class_runs_as_nothing() -> None:
    file = php("class A { function up() { Schema::create('x', function ($t) { $t->id(); Schema::drop('y')")
    assert [type(s) for s in file.statements] == [UnsupportedStatement]
    assert [g.kind for g in file.gaps] == ["syntax"]


def test_goto_is_a_gap_of_its_own() -> None:
    file = php("goto end; end: return 1;")
    assert [type(s) for s in file.statements] == [UnsupportedStatement, Return]
    assert [(g.kind, g.reason) for g in file.gaps] == [("unsupported", "goto statement is not supported")]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (b"\xef\xbb\xbf<?php return 'a';", "a"),
        (b"<?php\r\nreturn <<<EOT\r\n  a\r\n    b\r\n  EOT;\r\n", "a\r\n  b"),
        (b"<?php return '\xe9';", "\udce9"),
        (b"<?php return 'a\0b';", "a\0b"),
        (b"<?php return 'a'; __halt_compiler(); ( junk {", "a"),
        (b"<html><?php return 'a' ?>", "a"),
    ],
)
def test_odd_bytes(source: bytes, value: str) -> None:
    file = parse(source, "a.php")
    returned = next(s for s in file.statements if isinstance(s, Return))
    assert isinstance(returned.value, Literal)
    assert returned.value.value == value
    assert file.gaps == ()


def test_inline_html_and_short_echo() -> None:
    kinds = [type(s).__name__ for s in parse(b"a <?= $x ?> b", "a.php").statements]
    assert kinds[0] == "InlineHtml"
    assert "Echo" in kinds or "ExpressionStatement" in kinds
    assert Echo.fields == ("line", "values")


def test_too_large_a_file_is_a_gap() -> None:
    file = parse(b" " * (MAX_BYTES + 1), "a.php")
    assert [(g.kind, g.at) for g in file.gaps] == [("limit", Location("a.php", 0))]


@pytest.mark.parametrize(
    "text",
    [
        "(",
        "[",
        "!",
        "-",
        "f(",
        "fn()=>",
        "1+",
        "'a'.",
        "1?:",
        "$a=",
        "if(1){",
        "{",
        "new class { function f() {",
    ],
)
def test_deep_nesting_is_a_limit(text: str) -> None:
    closing = {
        "(": ")",
        "[": "]",
        "f(": ")",
        "if(1){": "}",
        "{": "}",
        "new class { function f() {": "} }",
    }.get(text, "")
    core = "" if text.endswith("{") else "1"
    file = php(text * 12_000 + core + closing * 12_000 + ";")
    statements = file.statements
    assert len(statements) >= 1
    assert {g.kind for g in file.gaps} <= {"limit", "syntax"}


def test_try_and_closures_keep_their_parts() -> None:
    statement = php("try { a(); } catch (A | \\B $e) { b(); } catch (C) { } finally { c(); }").statements[0]
    assert isinstance(statement, Try)
    assert [([n.full for n in c.types], c.variable) for c in statement.catches] == [
        (["A", "B"], "e"),
        (["C"], ""),
    ]
    assert len(statement.last) == 1
    call = php("S::t('x', static function (B $t) use (&$a, $b): void { $t->id(); });").statements[0]
    assert isinstance(call, ExpressionStatement)
    assert isinstance(call.value, StaticCall)
    closure = call.value.args[1].value
    assert isinstance(closure, ClosureExpr)
    assert ([(u.name, u.by_ref) for u in closure.uses], closure.static, closure.arrow) == (
        [("a", True), ("b", False)],
        True,
        False,
    )
