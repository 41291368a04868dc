"""Projects written to hang, crash or confuse whoever reads them: each is audited to the end, and nothing is left half-done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.shop import SHOP
from tests.project.trees import make

TRUEUP = str(Path(sys.executable).with_name("trueup"))
MANY = 3_000
DEEP = 100_000
FORMS = {
    "open brackets": "(" * DEEP,
    "open arrays": "$a = " + "[" * DEEP,
    "open blocks": "{" * DEEP,
    "nested ifs": "if(1){" * MANY,
    "nested functions": "fn()=>" * MANY + "1;",
    "nested classes": "class A{function f(){" * MANY,
    "nested namespaces": "namespace A{" * MANY,
    "a chain of calls": "$a" + "->b()" * MANY + ";",
    "a chain of wheres": "Order::query()" + "->where('a', 1)" * MANY + "->get();",
    "a long concatenation": "$a = " + "'a'." * MANY + "'b';",
    "casts of casts": "$a = " + "(int)" * DEEP + "1;",
    "negations": "$a = " + "!" * DEEP + "1;",
    "a huge array": "return [" + "'a' => [1, 2, [3]]," * MANY + "];",
    "arrays of arrays": "$a = [1]; " + "$a = [$a, $a]; " * 200 + "Order::create($a);",
    "strings that double": "$a = 'aaaaaaaa'; " + "$a = $a . $a; " * 200 + "Order::where($a, 1)->get();",
    "many elseifs": "if(1){}" + "elseif(1){Order::all();}" * 2_000,
    "many interfaces": "class A extends B implements " + "C," * MANY,
    "many imports": "use A\\{" + "B," * MANY,
    "open quotes": "'" * DEEP,
    "open heredocs": "<<<A\n" * MANY,
    "interpolation": '"' + "{$a[" * MANY,
    "blank lines": "\n" * DEEP,
    "blanks": " " * DEEP + "class",
    "tags": "?><?php " * MANY,
    "comments": "/*" * DEEP,
    "a long name": "Schema::create('" + "a" * DEEP + "', fn ($table) => $table->id());",
    "a name of blanks": "Schema::create('" + " \t" * MANY + "a', fn ($table) => $table->id());",
    "a rule of bars": "$rules = ['a' => '" + "exists:a,|" * MANY + "'];",
    "a long query": "DB::select('select " + "(" * MANY + " from a where " + "b = 1 and " * MANY + "1');",
}


def _project(root: Path, body: str) -> Path:
    app = (
        "<?php\nnamespace App;\nuse App\\Models\\Order;\nuse Illuminate\\Support\\Facades\\DB;\n"
        "use Illuminate\\Support\\Facades\\Schema;\n"
        f"class Report {{\n    public function a($a) {{ Order::where('a', 1)->get(); {body} }}\n}}\n"
    )
    model = (
        "<?php\nnamespace App\\Models;\nclass Order extends \\Illuminate\\Database\\Eloquent\\Model {\n"
        f"    public function x() {{ {body} }}\n}}\n"
    )
    migration = (
        "<?php\nuse Illuminate\\Support\\Facades\\Schema;\n"
        f"return new class extends Migration {{\n    public function up() {{ {body} }}\n}};\n"
    )
    return make(
        root,
        {
            "app/Report.php": app,
            "app/Models/Order.php": model,
            "tests/ReportTest.php": app,
            "database/migrations/2024_01_01_000001_a.php": migration,
            "database/migrations/2024_01_01_000002_orders.php": SHOP[
                next(name for name in SHOP if "/migrations/" in name)
            ],
        },
    )


def _audit(root: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [TRUEUP, "audit", str(root), "--format", "json", "--quiet", *options]
    return subprocess.run(command, capture_output=True, timeout=300, check=False)


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_hostile_code_is_audited_to_the_end(tmp_path: Path, body: str) -> None:
    done = _audit(_project(tmp_path / "shop", body), "--no-cache")
    assert done.returncode in (0, 1), done.stderr.decode()
    told = json.loads(done.stdout)
    assert told["inputs"]["migrations"] == 2


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "bom": lambda text: b"\xef\xbb\xbf" + text,
    "crlf": lambda text: text.replace(b"\n", b"\r\n"),
    "a lone carriage return": lambda text: text.replace(b"class ", b"/* \r */ class "),
    "nul": lambda text: text.replace(b"<?php\n", b"<?php // \0\n"),
    "no utf-8": lambda text: text.replace(b"<?php\n", b"<?php // caf\xe9\n"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_how_a_file_is_written_changes_nothing(tmp_path: Path, way: Callable[[bytes], bytes]) -> None:
    plain = {name: text.encode() for name, text in SHOP.items()}
    other = {name: way(text) if name.endswith(".php") else text for name, text in plain.items()}
    ours, theirs = (
        json.loads(_audit(make(tmp_path / name, files), "--no-cache").stdout)
        for name, files in (("plain", plain), ("other", other))
    )
    assert [(f["code"], f["table"], f["column"]) for f in theirs["findings"]] == [
        (f["code"], f["table"], f["column"]) for f in ours["findings"]
    ]
    assert theirs["gaps"] == ours["gaps"]


@pytest.fixture
def restless(tmp_path: Path) -> Iterator[Path]:
    """A project whose files are cut, taken away and put back all the time."""
    root = make(tmp_path / "shop", dict(SHOP))
    stop = threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            for name, text in SHOP.items():
                if not name.endswith(".php"):
                    continue
                file = root / name
                file.write_text(text[: len(text) // 2])
                file.unlink()
                file.write_text(text)

    thread = threading.Thread(target=disturb)
    thread.start()
    yield root
    stop.set()
    thread.join()


def test_files_that_change_while_they_are_read(restless: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "TRUEUP_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(6):
        command = [TRUEUP, "audit", str(restless), "--format", "json", "--quiet"]
        done = subprocess.run(command, capture_output=True, timeout=300, env=environment, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()
        assert json.loads(done.stdout)["project"]


def test_two_audits_at_once_say_the_same(tmp_path: Path) -> None:
    root = make(tmp_path / "shop", dict(SHOP))
    environment = {**os.environ, "TRUEUP_CACHE_DIR": str(tmp_path / "cache")}
    command = [TRUEUP, "audit", str(root), "--format", "json", "--quiet"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        for _ in range(4)
    ]
    told = [process.communicate(timeout=300) for process in running]
    assert len({out for out, _ in told}) == 1
    assert {process.returncode for process in running} == {1}
    assert not [name for name in os.listdir(tmp_path / "cache") if name.startswith(".")]


@pytest.mark.parametrize("moment", [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])
def test_an_interrupted_audit_leaves_the_file_as_it_was(tmp_path: Path, moment: float) -> None:
    """Whatever the moment is in a run here: the report is the old one, or the new one as a whole."""
    root = make(tmp_path / "shop", dict(SHOP))
    report = tmp_path / "out" / "report.json"
    report.parent.mkdir()
    report.write_text("the old one")
    command = [
        TRUEUP,
        "audit",
        str(root),
        "--format",
        "json",
        "--quiet",
        "--no-cache",
        "--output",
        str(report),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
    text = report.read_text()
    assert text == "the old one" or json.loads(text)["findings"]
    assert os.listdir(report.parent) == ["report.json"]
    assert process.returncode in (1, 130, -signal.SIGINT)
