"""Does any reader crash, hang or eat memory on input that nobody meant to write? Mutations of the repository's own examples.

    python benchmarks/fuzz.py [READER...] [--inputs N] [--seed S] [--seconds T] [--keep FOLDER] [--show SEED:READER:INDEX]

Every input is a function of seed, reader and index alone, so that what is found can be made again: `--show` writes it to stdout.
Each reader runs in a process of its own that may use 2 s of processor time for one input and 1.5 GB of memory; what is over is
reported, as is any error that is not one of the user's mistakes. Exit code 1 if anything was found. `--keep` writes the inputs
of what was found to a folder."""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import resource
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueup.model.project import Project

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from trueup.errors import UserError  # noqa: E402

EXAMPLE = ROOT / "examples" / "ai-budget"
CPU_SECONDS = 2.0
MEMORY_BYTES = 1_500_000_000
LARGEST = 4_000
"""Bytes of an example that are taken at once, most of the time: small inputs find as much and are read a hundred times as often."""

Reader = Callable[[bytes, Path], None]


# Readers. Each gets the bytes and a folder of its own to put them in.


def php(data: bytes, _: Path) -> None:
    from trueup.sources.php.parse import parse
    from trueup.sources.php.walk import walk

    file = parse(data, "a.php")
    for _node in walk(*file.statements, *file.classes, *file.functions):
        pass
    assert isinstance((file.comments, file.gaps), tuple)


def migration(data: bytes, folder: Path) -> None:
    from trueup.sources.laravel.migrations.replay import replay

    place = folder / "database/migrations/2024_01_01_000001_create_things_table.php"
    replay(_project(folder, place, data), ("mysql", "pgsql", "sqlite", "mariadb")[len(data) % 4])


def model(data: bytes, folder: Path) -> None:
    from trueup.model.schema import Schema
    from trueup.sources.laravel.eloquent import read_eloquent
    from trueup.sources.laravel.queries import read_queries

    project = _project(folder, folder / "app/Models/Thing.php", data)
    eloquent, _ = read_eloquent(project)
    read_queries(project, eloquent, Schema("mysql"))


def view(data: bytes, _: Path) -> None:
    from trueup.sources.laravel.blade import php_of

    made, _whole = php_of(data)
    assert made.count(b"\n") >= data.count(b"\n")
    php(made, _)


def _project(folder: Path, place: Path, data: bytes) -> Project:
    from trueup.sources.project import read_project

    if not place.parent.is_dir():
        place.parent.mkdir(parents=True)
        (folder / "composer.json").write_text('{"require": {"laravel/framework": "^12.0"}}')
        (folder / "artisan").write_text("")
    place.write_bytes(data)
    return read_project(str(folder))


def markdown(data: bytes, _: Path) -> None:
    from trueup.sources.spec.document import read_document
    from trueup.sources.spec.reader import decoded

    read_document(decoded(data), "a.md")


def sql(data: bytes, _: Path) -> None:
    from trueup.sources.sql.dump import read_dump
    from trueup.sources.sql.read import detect_dialect, read_sql

    driver = ("mysql", "pgsql", "sqlite", "mariadb")[len(data) % 4]
    text = data.decode("utf-8", "replace")
    detect_dialect(text)
    read_sql(text, driver, lenient=len(data) % 3 == 0)
    list(read_dump(data, driver, "a.sql"))


def ticket(data: bytes, folder: Path) -> None:
    from trueup.sources.ticket.reader import read_ticket

    (folder / "a.md").write_bytes(data)
    read_ticket(str(folder / "a.md"), str(folder))


def template(data: bytes, _: Path) -> None:
    from trueup.tickets.template import read_template

    read_template(data.decode("utf-8", "replace"))


def config(data: bytes, folder: Path) -> None:
    from trueup.config import Options, read_settings

    (folder / "trueup.toml").write_bytes(data)
    read_settings(str(folder), Options(), ("TBL001", "COL001"))


def composer(data: bytes, folder: Path) -> None:
    from trueup.sources.project.composer import read_composer

    (folder / "composer.json").write_bytes(data)
    (folder / "composer.lock").write_bytes(data)
    read_composer(str(folder))


def baseline(data: bytes, folder: Path) -> None:
    from trueup.pipeline.baseline import read_baseline

    (folder / "baseline.json").write_bytes(data)
    read_baseline(str(folder / "baseline.json"))


def stored(data: bytes, folder: Path) -> None:
    from trueup.cache.store import Store

    (folder / "key").write_bytes(data)
    found = Store(str(folder)).get("key")
    assert found is None or data.endswith(found)


def journal(data: bytes, folder: Path) -> None:
    from trueup.fleet.journal import Journal

    (folder / "kept.jsonl").write_bytes(data)
    with Journal(str(folder / "kept.jsonl")):
        pass


def _files(*patterns: str) -> list[bytes]:
    found = [path for pattern in patterns for path in sorted(EXAMPLE.glob(pattern)) if path.is_file()]
    assert found, patterns
    return [path.read_bytes() for path in found]


def _sql_seeds() -> list[bytes]:
    """The example's own schema as DDL of each server, and the SQL of its documents."""
    from trueup import read_schema
    from trueup.config import Options
    from trueup.report import schema_as

    made = [
        schema_as("sql", read_schema(str(EXAMPLE), Options(driver=d)))
        for d in ("mysql", "pgsql", "sqlite", "mariadb")
    ]
    return [*(text.encode() for text in made), *_files("docs/*.md")]


def _view_seeds() -> list[bytes]:
    """A template of everything that the reader of templates tells apart, around pieces of the example's code."""
    directives = (
        b"@php($a = 1) @php\n$b = User::all();\n@endphp {{-- a comment --}} {{ $a }} {!! $b !!} @{{ name }} @@if\n"
        b"@if(User::where('a', ')')->exists()) @elseif (Order::count() > 1) @else @endif @unless(true) @endunless\n"
        b"@foreach(Order::all() as $order) {{ $order->user->name }} @endforeach @forelse($b as $c) @empty @endforelse\n"
        b"@verbatim {{ raw }} @endverbatim @use('App\\Models\\User', 'U') @inject('m', 'App\\Models\\Order')\n"
        b'<x-list :rows="Order::latest()->get()" /> <?php echo User::first(); ?> <?= Order::sum("total") ?>\n'
    )
    code = _files("src/Models/*.php")
    return [
        directives,
        *(directives + b"@php\n" + text.replace(b"<?php", b"") + b"\n@endphp\n" for text in code),
    ]


def _baseline_seeds() -> list[bytes]:
    finding = {"id": "0123456789abcdef", "code": "TBL001", "locations": [{"file": "a.php", "line": 1}]}
    return [json.dumps({"format": "trueup.audit/1", "findings": [finding] * 3, "summary": {}}).encode()]


def _store_seeds() -> list[bytes]:
    import marshal

    from trueup.cache.store import Store

    with tempfile.TemporaryDirectory() as folder:
        Store(folder).put("key", marshal.dumps(("answer 1", "text", 0, "/x", {"a": (1, 2, 3, 4, "d")}, 5)))
        return [(Path(folder) / "key").read_bytes()]


def _journal_seeds() -> list[bytes]:
    from trueup.fleet.journal import line
    from trueup.model.fleet import Repository, Result

    result = Result(
        Repository("/a/b", "a/b", "a"),
        "audited",
        "2026-01-01T00:00:00Z",
        "00",
        1.5,
        findings={"T": {"error": ("1",)}},
    )
    return [(line(result) + "\n").encode() * 3]


READERS: dict[str, tuple[Reader, Callable[[], list[bytes]]]] = {
    "php": (php, lambda: _files("src/**/*.php", "database/**/*.php", "tests/**/*.php")),
    "migration": (migration, lambda: _files("database/migrations/*.php")),
    "model": (model, lambda: _files("src/Models/*.php", "src/Services/*.php")),
    "view": (view, _view_seeds),
    "markdown": (markdown, lambda: _files("docs/**/*.md")),
    "sql": (sql, _sql_seeds),
    "ticket": (ticket, lambda: _files("docs/tickets/**/*.md")),
    "template": (template, lambda: _files("docs/tickets/**/*.md")),
    "config": (config, lambda: _files("trueup.toml")),
    "composer": (composer, lambda: _files("composer.*")),
    "baseline": (baseline, _baseline_seeds),
    "cache": (stored, _store_seeds),
    "journal": (journal, _journal_seeds),
}


# Inputs.

ODD = (
    b"\x00",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\r",
    b"\x1b[31m",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x92\xa9",
    b"\\",
    b"\xed\xa0\x80",
)
NEST = (
    b"(",
    b"[",
    b"{",
    b"))",
    b"]",
    b"}",
    b"<",
    b"> ",
    b"- ",
    b"if(1){",
    b"[[",
    b'{"a":',
    b"'",
    b'"',
    b"`",
    b"*",
    b"_",
    b"|",
    b"!",
    b"#",
    b"->a()",
    b"? 1 : ",
    b"1+",
    b"a.",
    b"\n",
    b"    ",
    b"/*",
    b"--",
    b"$a=[",
    b"fn()=>",
    b"new class{",
)


@cache
def examples(reader: str) -> tuple[bytes, ...]:
    return tuple(READERS[reader][1]())


def made(seed: int, reader: str, index: int) -> bytes:
    """The input of that number: part of an example with one to six changes."""
    chance = random.Random(f"{seed}:{reader}:{index}")
    data = bytearray(_part(chance, examples(reader)))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        chance.choice(CHANGES)(chance, data, reader)
    return bytes(data[:400_000])


def _part(chance: random.Random, known: Sequence[bytes]) -> bytes:
    text = chance.choice(known)
    if len(text) <= LARGEST or chance.random() < 0.02:
        return text
    start = 0 if chance.random() < 0.5 else chance.randrange(len(text) - LARGEST)
    return text[start : start + chance.randrange(100, LARGEST)]


def _span(chance: random.Random, data: bytearray) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 5, 20, 100, 500)))


def _flip(chance: random.Random, data: bytearray, _: str) -> None:
    for _each in range(chance.choice((1, 3, 10))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _delete(chance: random.Random, data: bytearray, _: str) -> None:
    start, end = _span(chance, data)
    del data[start:end]


def _double(chance: random.Random, data: bytearray, _: str) -> None:
    start, end = _span(chance, data)
    data[start:start] = bytes(data[start:end]) * chance.choice((1, 2, 50))


def _move(chance: random.Random, data: bytearray, _: str) -> None:
    start, end = _span(chance, data)
    piece = bytes(data[start:end])
    del data[start:end]
    place = chance.randrange(len(data) + 1)
    data[place:place] = piece


def _splice(chance: random.Random, data: bytearray, reader: str) -> None:
    other = chance.choice(examples(reader))
    start, end = _span(chance, bytearray(other))
    place = chance.randrange(len(data) + 1)
    data[place:place] = other[start:end]


def _odd(chance: random.Random, data: bytearray, _: str) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(ODD) * chance.choice((1, 1, 20))


def _nest(chance: random.Random, data: bytearray, _: str) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(NEST) * chance.choice(
        (1, 3, 30, 300, 3000) if chance.random() < 0.2 else (1, 3, 30)
    )


def _number(chance: random.Random, data: bytearray, _: str) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(
        (b"0", b"-1", b"999999999999999999999", b"1e999", b"0x", b"1" * 5000, b"NaN", b".5")
    )


def _lines(chance: random.Random, data: bytearray, _: str) -> None:
    lines = bytes(data).split(b"\n")
    chance.shuffle(lines)
    data[:] = b"\n".join(lines)


CHANGES = (_flip, _delete, _double, _move, _splice, _odd, _nest, _number, _lines)


# Running them.


@dataclass(frozen=True, slots=True)
class Found:
    """`kind`: crash, hang or memory; `place` tells alike ones apart."""

    reader: str
    index: int
    kind: str
    place: str


class Hang(BaseException):
    """Raised in a reader that has used up its processor time."""


def _late(*_: object) -> None:
    raise Hang


def _child(seed: int, reader: str, span: range, shared: mmap.mmap, pipe: int, until: float) -> None:
    """Reads the inputs of `span`; where it is stands in `shared`, what it finds is written to `pipe`, a line each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGVTALRM, _late)
    read = READERS[reader][0]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for index in span:
            if time.monotonic() > until:
                return
            shared[:8] = struct.pack("q", index)
            data = made(seed, reader, index)
            found = ""
            signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
            try:
                read(data, Path(folder))
            except UserError:
                pass
            except Hang as problem:
                found = f"hang {_place(problem)}"
            except MemoryError as problem:
                found = f"memory {_place(problem)}"
            except Exception as problem:
                found = f"crash {type(problem).__name__} {_place(problem)}"
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if found:
                os.write(pipe, f"{index} {found}\n".encode())
    shared[:8] = struct.pack("q", span.stop)


def _place(problem: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(problem.__traceback__) if "/trueup/" in f.filename]
    return f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"


def batch(seed: int, reader: str, span: range, until: float) -> tuple[int, list[Found]]:
    """How many inputs of `span` were read, and what was found. A reader that takes its process with it is found too."""
    found: list[Found] = []
    start = span.start
    while start < span.stop and time.monotonic() < until:
        shared = mmap.mmap(-1, 8)
        shared[:8] = struct.pack("q", start)
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            code = 1
            try:
                os.close(reading)
                _child(seed, reader, range(start, span.stop), shared, writing, until)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        stuck = _wait(process, shared)
        with open(reading, "rb") as pipe:
            for line in pipe.read().decode().splitlines():
                index, kind, place = line.split(" ", 2)
                found.append(Found(reader, int(index), kind, place))
        at = struct.unpack("q", shared[:8])[0]
        if not stuck:
            return at - span.start, found
        found.append(Found(reader, at, *stuck))
        start = at + 1
    return start - span.start, found


def _wait(process: int, shared: mmap.mmap) -> tuple[str, str] | None:
    """Waits for the process; why it did not end by itself, or None. C code that hears no signal gets three times its time."""
    last, since = -1, 0.0
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return None if code == 0 else ("crash", f"the process ended with {code}")
        at, used = struct.unpack("q", shared[:8])[0], _cpu(process)
        if at != last:
            last, since = at, used
        elif used - since > 3 * CPU_SECONDS:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return "hang", "in C code"
        time.sleep(0.05)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--inputs", type=int, default=1000, help="for each reader")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=600, help="for each reader at most")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--show")
    given = parser.parse_args()
    if given.show:
        seed, reader, index = given.show.split(":")
        sys.stdout.buffer.write(made(int(seed), reader, int(index)))
        return 0
    total, kinds = 0, Counter[str]()
    for reader in given.readers or READERS:
        begun = time.monotonic()
        examples(reader)
        span = range(given.first, given.first + given.inputs)
        count, found = batch(given.seed, reader, span, begun + given.seconds)
        total += count
        seconds = time.monotonic() - begun
        print(f"{reader:<10} {count:>9,} inputs {seconds:>7.1f} s {len(found):>4} found", flush=True)
        for (kind, place), number in Counter((f.kind, f.place) for f in found).most_common():
            first = next(f for f in found if (f.kind, f.place) == (kind, place))
            print(f"    {kind}: {place} ({number}), --show {given.seed}:{reader}:{first.index}", flush=True)
            kinds[kind] += number
        for each in found if given.keep else ():
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{reader}-{each.kind}-{each.index}").write_bytes(
                made(given.seed, reader, each.index)
            )
    print(
        f"{'all':<10} {total:>9,} inputs, "
        + (", ".join(f"{n} {k}" for k, n in sorted(kinds.items())) or "nothing found")
    )
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
