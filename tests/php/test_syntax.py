"""Trees that were dropped are made again, and nothing that was handed out before notices."""

from __future__ import annotations

import pytest

from trueup.sources.php import tree
from trueup.sources.php.lower import syntax
from trueup.sources.php.parse import PhpFile, parse

SOURCE = b"""<?php
namespace App { use Lib\\Thing; #[A] class First extends Thing { /** doc */ public function one($a) { return fn () => $a; } } }
namespace Other {
    if (true) { function two() { return new class { function inner() { return 2; } }; } }
    // a comment
    echo "\xc3\xa9", three();
    function three() { return 3; }
}
"""


def _told(file: PhpFile) -> list[str]:
    """Everything of the file, each part asked for by itself."""
    parts: list[object] = [file.statements, file.comments, file.gaps]
    for cls in file.classes:
        parts.append(cls.members)
        parts.extend((f.params, f.body) for f in cls.methods.values())
    parts.extend((f.params, f.body) for f in file.functions)
    return [repr(part) for part in parts]


def test_tree_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _told(parse(SOURCE, "a.php"))
    file = parse(SOURCE, "a.php")
    first = file.class_named("App\\First")
    monkeypatch.setattr(syntax, "MOST_BYTES", 0)
    other = parse(b"<?php echo 1;", "b.php")
    again = []
    for part in range(len(whole)):
        assert other.statements  # whose tree takes the place of the other one
        again.append(_told(file)[part])
    assert again == whole
    assert file.class_named("App\\First") is first


def test_declarations_are_the_same_objects_after_a_new_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    file = parse(SOURCE, "a.php")
    monkeypatch.setattr(syntax, "MOST_BYTES", 0)
    parse(b"<?php", "b.php")
    stated = [s.function for s in file.statements if isinstance(s, tree.FunctionStatement)]
    assert stated == [f for f in file.functions if f.name.endswith("three")]


def test_trees_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MOST_BYTES", 3 * len(SOURCE))
    files = [parse(SOURCE, f"{n}.php") for n in range(8)]
    files[7].statements, files[5].statements, parse(SOURCE, "8.php")
    held = syntax._trees
    assert [f._lowering.syntax in held.files.values() for f in files] == [False] * 5 + [True, False, True]
    assert held.size == sum(len(s.text) for s in held.files.values()) <= 3 * len(SOURCE)
