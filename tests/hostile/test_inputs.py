"""What a project holds beside its migrations, written to take long: dumps, templates, queries. Each is read to the end."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shop import SHOP
from tests.hostile.guard import hung
from tests.project.trees import make
from trueup.cli import run

DEEP = 100_000
MANY = 3_000
CPU_SECONDS = 20
DUMPS = {
    "open quotes": "INSERT INTO a VALUES ('" + "''" * DEEP,
    "open brackets": "CREATE TABLE a (b int DEFAULT " + "(" * DEEP,
    "nested comments": "/*" * DEEP,
    "conditional comments": "/*!40101 SET a = 1" * MANY,
    "dollar quotes": "".join(f"$a{n}$" for n in range(MANY)),
    "a row of many values": "INSERT INTO a VALUES (" + "1," * DEEP + "1);",
    "many rows": "INSERT INTO a VALUES " + "(1,'x')," * DEEP + "(1,'x');",
    "many statements": "SET x = 1;\n" * DEEP,
    "many columns": "CREATE TABLE a (" + ",".join(f"c{n} int" for n in range(MANY)) + ");",
    "many keys": "CREATE TABLE a (b int," + ",".join(f"KEY k{n} (b)" for n in range(MANY)) + ");",
    "many alterations": "CREATE TABLE a (b int);\n" + "ALTER TABLE a ALTER b SET DEFAULT 1;\n" * MANY,
    "copies": "COPY a (b) FROM stdin;\n" + "1\n" * DEEP,
    "delimiters": "DELIMITER ;;\n" * MANY + "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN " * MANY,
    "words": "CREATE " * DEEP,
    "operators": "CREATE TABLE a (b int CHECK (b " + "+ b " * DEEP + "> 0));",
    "functions": "CREATE TABLE a (b int AS (" + "abs(" * MANY + "b" + ")" * MANY + "));",
    "subqueries": "CREATE VIEW v AS " + "SELECT * FROM (" * MANY + "a",
    "a long enum": "CREATE TABLE a (b enum(" + ",".join(f"'{n}'" for n in range(DEEP // 10)) + "));",
    "a long name": "CREATE TABLE `" + "a" * DEEP + "` (b int);",
    "nul and high bytes": "\0\x80\xff" * DEEP,
}
VIEWS = {
    "open braces": "{{ " * 3 * DEEP,
    "raw braces": "{!! " * 3 * DEEP,
    "nested ifs": "@if(App\\Models\\Order::all())\n" * MANY,
    "nested loops": "@foreach(App\\Models\\Order::all() as $a)\n" * MANY,
    "open php": "@php " * MANY + "App\\Models\\Order::where(" * MANY,
    "comments": "{{-- " * 3 * DEEP,
    "brackets of a directive": "@if" + "(" * DEEP,
    "quotes of a directive": "@if('" + "\\'" * DEEP,
    "components": '<x-a :b="App\\Models\\Order::count()">' * MANY,
    "includes of itself": "@include('hostile')\n" * MANY,
    "verbatim": "@verbatim " * MANY,
    "tags": "<?php ?><?= App\\Models\\Order::count() ?>" * MANY,
}
QUERIES = {
    "a long IN": "Order::whereIn('a', [" + "1," * DEEP + "])->get();",
    "raw brackets": "DB::select('select * from a where " + "(" * 20_000 + "');",
    "raw unions": "DB::select('" + "select a from b union " * MANY + "select 1');",
    "raw joins": "DB::select('select * from a " + "join b on a.c = b.c " * MANY + "');",
    "raw conditions": "DB::select('select * from a where " + "b = 1 or " * 20_000 + "1');",
    "raw words": "DB::select('" + "select " * DEEP + "');",
    "raw quotes": 'DB::select("select ' + "''" * DEEP + '");',
    "raw fragments": "Order::whereRaw('" + "a = ? and " * MANY + "1')->get();",
    "nested closures": "Order::where(function ($q) { $q->where(" * 300 + "'a'" + "); })->get();" * 300,
    "relations of relations": "Order::with('" + "a." * DEEP + "b')->get();",
    "selects": "Order::select([" + ",".join(f"'c{n} as d{n}'" for n in range(MANY)) + "])->get();",
    "a payload of many": "Order::insert([" + "['a' => 1, 'b' => 2]," * MANY + "]);",
    "unions": "Order::query()" + "->union(Order::query())" * 300 + "->get();",
    "aliases": "DB::table('a" + " as a" * MANY + "')->get();",
    "json paths": "Order::where('a" + "->b" * DEEP + "', 1)->get();",
    "a table's long name": "DB::table('" + "a." * DEEP + "')->get();",
    "conditional calls": "Order::query()" + "->when($a, fn ($q) => $q->where('a', 1))" * MANY + "->get();",
    "scopes that call themselves": "Order::query()->x()->get(); } public function scopeX($q) { return $q->x();",
}


def _with_dump(root: Path, text: str) -> Path:
    make(root, dict(SHOP))
    folder = root / "database" / "schema"
    folder.mkdir(parents=True)
    for driver in ("mysql", "mariadb", "pgsql", "sqlite"):
        (folder / f"{driver}-schema.sql").write_bytes(text.encode("latin-1"))
    return root


def _with_view(root: Path, text: str) -> Path:
    return make(root, {**SHOP, "resources/views/hostile.blade.php": text})


def _with_query(root: Path, text: str) -> Path:
    code = (
        "<?php\nnamespace App\\Models;\nuse Illuminate\\Support\\Facades\\DB;\n"
        "class Order extends \\Illuminate\\Database\\Eloquent\\Model {\n"
        f"    public function hostile($a) {{ {text} }}\n}}\n"
    )
    return make(root, {**SHOP, "app/Models/Order.php": code})


WHERE: dict[str, tuple[Callable[[Path, str], Path], dict[str, str]]] = {
    "dump": (_with_dump, DUMPS),
    "view": (_with_view, VIEWS),
    "query": (_with_query, QUERIES),
}
CASES = [(where, form) for where, (_, forms) in WHERE.items() for form in forms]


@pytest.mark.parametrize(("where", "form"), CASES, ids=[" of ".join(reversed(case)) for case in CASES])
def test_hostile_input_is_audited_to_the_end(tmp_path: Path, where: str, form: str) -> None:
    lay, forms = WHERE[where]
    root = lay(tmp_path / "shop", forms[form])

    def audit(driver: str) -> Callable[[], object]:
        def work() -> None:
            with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())):
                code = run(["audit", str(root), "--quiet", "--no-cache", "--driver", driver])
            assert code in (0, 1)

        return work

    drivers = ("mysql", "pgsql", "sqlite") if where == "dump" else ("mysql",)
    assert hung([(driver, audit(driver)) for driver in drivers], CPU_SECONDS) == ""
