"""Which classes a file declares, told from its bytes, must be what the parser says."""

from __future__ import annotations

import pytest

from trueup.sources.laravel.declared import declared_in
from trueup.sources.php.parse import parse

FILES = {
    "plain": "<?php\nnamespace App;\nclass A extends B implements C, D\n{\n}\n",
    "imported": "<?php\nnamespace App;\nuse X\\Base;\nuse Y\\Contract as Promise;\n"
    "abstract class A extends Base implements Promise {}\n",
    "grouped": "<?php\nnamespace App;\nuse X\\{Base, Other as Second};\nfinal class A extends Second implements \\Countable {}\n",
    "comments": "<?php\nnamespace App;\nclass A extends B implements /* both */ C, // this\n    D # that\n{}\n",
    "several": "<?php\nclass A {}\n\nabstract class B extends A {}\nclass C extends B implements I {}\n"
    "interface I {}\ntrait T {}\nenum E: string { case A = 'a'; }\n",
    "one line": "<?php namespace App; final readonly class A extends B {}\n",
    "attribute": "<?php\n#[Mark]\nclass A extends \\Full\\Name {}\n",
    "enum": "<?php\nnamespace App;\nenum E: int implements HasLabel { case One = 1; }\n",
    "carriage returns": "<?php\r\nnamespace App;\r\nuse X\\Base;\r\nclass A extends Base\r\n{\r\n}\r\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_the_bytes_say_what_the_parser_says(text: str) -> None:
    source = text.encode()
    parsed = parse(source, "a.php").classes
    assert parsed
    assert [
        (d.name, d.kind, d.parent, d.abstract, d.interfaces, d.backing) for d in declared_in("a.php", source)
    ] == [
        (
            c.name,
            c.kind,
            c.parent.full if c.parent is not None else "",
            c.abstract,
            tuple(i.full for i in c.interfaces),
            c.backing,
        )
        for c in parsed
    ]


def test_copies_of_the_frameworks_own_classes_are_left_out() -> None:
    assert declared_in("a.php", b"<?php\nnamespace Illuminate\\Database;\nclass Builder {}\n") == []
