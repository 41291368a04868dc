"""Accepted findings: by comments of every kind, by rules, by entries with a last day."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from tests.cli.shop import shop, trueup
from trueup.model.acceptance import Acceptance, Accepted, Ignore, IgnoreRule
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.pipeline.accepting import Accepting, sift
from trueup.sources.ignores import read_ignores

PHP = """<?php
$a = 1; // trueup-ignore TYP004 never added up
# trueup-ignore COL001, KEY002: kept for the importer
// trueup-ignore IDX001 the table is small
$b = 'text // trueup-ignore TYP001 not a comment';
/* trueup-ignore TYP002 both at once */ $c = 2;
/**
 * trueup-ignore TYP003 in a longer comment
 */
$d = 3;
// see trueup-ignore TYP005 in the manual
// trueup-ignored TYP006 another word
$e = 4; // trueup-ignore TYP006
$f = 5; // trueup-ignore because I say so
"""

BLADE = """<div>
{{-- trueup-ignore QRY001 a view of another package --}}
{{ $rows }} {{-- trueup-ignore QRY002 here --}}
</div>
"""

MARKDOWN = """# Spec

<!-- trueup-ignore TBL001 built by the host -->
## orders
"""

SQL = """-- trueup-ignore COL004 as the importer has it
CREATE TABLE t (a INT); -- trueup-ignore TYP001 small
"""


def ignores(folder: Path, name: str, text: str) -> list[Ignore]:
    (folder / name).write_text(text, encoding="utf-8")
    return list(read_ignores(str(folder), [name]))


def test_comments_in_php(tmp_path: Path) -> None:
    def one(line: int, codes: tuple[str, ...], reason: str, alone: bool, target: int) -> Ignore:
        return Ignore(Location("a.php", line), codes, reason, alone, target)

    assert ignores(tmp_path, "a.php", PHP) == [
        one(2, ("TYP004",), "never added up", False, 2),
        one(3, ("COL001", "KEY002"), "kept for the importer", True, 5),
        one(4, ("IDX001",), "the table is small", True, 5),
        one(6, ("TYP002",), "both at once", False, 6),
        one(8, ("TYP003",), "in a longer comment", True, 10),
        one(13, ("TYP006",), "", False, 13),
        one(14, (), "", False, 14),
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "v.blade.php",
            BLADE,
            [
                Ignore(Location("v.blade.php", 2), ("QRY001",), "a view of another package", True, 3),
                Ignore(Location("v.blade.php", 3), ("QRY002",), "here", False, 3),
            ],
        ),
        ("s.md", MARKDOWN, [Ignore(Location("s.md", 3), ("TBL001",), "built by the host", True, 4)]),
        (
            "d.sql",
            SQL,
            [
                Ignore(Location("d.sql", 1), ("COL004",), "as the importer has it", True, 2),
                Ignore(Location("d.sql", 2), ("TYP001",), "small", False, 2),
            ],
        ),
    ],
)
def test_comments_elsewhere(name: str, text: str, expected: list[Ignore], tmp_path: Path) -> None:
    assert ignores(tmp_path, name, text) == expected


def test_a_file_outside_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.sql").write_text(SQL)
    (tmp_path / "in" / "link.sql").symlink_to(tmp_path / "out.sql")
    assert read_ignores(str(tmp_path / "in"), ["../out.sql", "link.sql", "none.sql"]) == ()


def finding(code: str, line: int, table: str = "orders", file: str = "a.php") -> Finding:
    return Finding(
        code, "error", "column", "m", table=table, locations=(Location(file, line), Location("b.php", 1))
    )


def test_each_way_accepts_and_nothing_is_lost() -> None:
    one, two, three, four, five = (finding("COL001", n, f"t{n}") for n in range(1, 6))
    comment = Ignore(Location("a.php", 1), ("COL001", "KEY001"), "why", target=1)
    unused = Ignore(Location("a.php", 9), ("COL001", "TYP009"), "old", target=9)
    mute = Ignore(Location("a.php", 5), ("COL001",), "", target=5)
    rule = IgnoreRule("table", "T2*", ("COL",), Location("trueup.toml", 4))
    held = Accepted(three.id, "COL001", "t3", "m", Acceptance("baseline", "r", "Ann", "2027-01-01"))
    over = Accepted(four.id, "COL001", "t4", "m", Acceptance("baseline", "r", "Ann", "2026-12-30"))
    stale = Accepted("f" * 16, "COL001", "t9", "m", Acceptance("baseline", "r", "Ann"))
    other = Accepted("e" * 16, "KEY001", "t9", "m", Acceptance("baseline", "r", "Ann"))
    accepting = Accepting((rule,), (held, over, stale, other), datetime.date(2026, 12, 31))
    sifted = sift((one, two, three, four, five), (comment, unused, mute), accepting, ["COL001"])
    assert sifted.told == (four, five)
    assert [(s.finding, s.acceptance.by) for s in sifted.suppressed] == [
        (one, "comment"),
        (two, "configuration"),
        (three, "baseline"),
    ]
    assert (sifted.expired, sifted.stale) == ((over,), (stale,))
    # KEY001 and TYP009 were not looked for, so that nobody can say that they are unused; without a reason nothing is accepted.
    assert [one.unused for one in sifted.ignores] == [(), ("COL001",), ()]


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (IgnoreRule("path", "app/*", ("ALL",)), True),
        (IgnoreRule("path", "app/*.php", ("COL001",)), True),
        (IgnoreRule("path", "b.php", ("ALL",)), False),
        (IgnoreRule("path", "app/*", ("KEY",)), False),
        (IgnoreRule("table", "ORD*", ("C",)), True),
        (IgnoreRule("table", "order", ("ALL",)), False),
    ],
)
def test_rules(rule: IgnoreRule, fits: bool) -> None:
    sifted = sift((finding("COL001", 3, file="app/deep/x.php"),), (), Accepting((rule,)), ["COL001"])
    assert len(sifted.suppressed) == fits


def test_a_comment_anywhere_accepts_what_is_said_of_the_whole_file() -> None:
    whole = finding("COL001", 0)
    comment = Ignore(Location("a.php", 7), ("COL001",), "why", target=8)
    assert sift((whole,), (comment,), Accepting(), ["COL001"]).told == ()


def test_unused_comments_are_told_in_files_of_every_kind_without_findings(tmp_path: Path) -> None:
    files = {
        "app/Plain.php": "<?php\n// trueup-ignore TYP001 as it was\n$a = 1;\n",
        "resources/views/shop.blade.php": "<p>\n{{-- trueup-ignore QRY001 a view of another package --}}\n</p>\n",
        "database/seed.sql": "SELECT 1; -- trueup-ignore COL001 small\n",
        "vendor/acme/x.sql": "SELECT 1; -- trueup-ignore COL001 theirs\n",
    }
    shop(tmp_path, files)
    told = json.loads(trueup("audit", "--format", "json", "--select", "CFG004", cwd=tmp_path).out)["findings"]
    assert sorted((f["code"], f["locations"][0]["file"], f["locations"][0]["line"]) for f in told) == [
        ("CFG004", "app/Plain.php", 2),
        ("CFG004", "database/seed.sql", 1),
        ("CFG004", "resources/views/shop.blade.php", 2),
    ]
