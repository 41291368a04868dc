"""Is every fault found that is put into a clean project, and nothing where none is?

    python benchmarks/mutations.py [--select CODE] [--missed]

Two kinds of projects. The examples of each check of the catalogue: each failing one is a clean project with one fault put in, and
must be told exactly; each clean twin must stay clean under that check. And a small shop with a specification, models, queries and
tests in which no check finds anything, those included that are off by default: each mutation changes or adds a little, and must be
told by the check that it is meant for. Prints a line a mutation and the sums; exit code 1 if any was missed or any clean twin was
not clean."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.code_faults import CODE_FAULTS
from benchmarks.schema_faults import SCHEMA_FAULTS
from benchmarks.shop import MUTATIONS, SHOP
from tests.checks.running import audited
from trueup.checks.registry import chosen
from trueup.config import Options
from trueup.model.names import Driver
from trueup.pipeline.flow import audit


@dataclass(frozen=True, slots=True)
class Line:
    """`kept` "found", "missed", "clean" or "not clean"; `more` what else is worth telling."""

    code: str
    kept: str
    what: str
    more: str = ""

    @property
    def good(self) -> bool:
        return self.kept in {"found", "clean"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--select", metavar="CODE", default="", help="only checks whose code begins with this"
    )
    parser.add_argument("--missed", action="store_true", help="print only what was missed or not clean")
    options = parser.parse_args(arguments)
    lines = [*of_shop(options.select), *of_examples(options.select)]
    for line in lines:
        if not options.missed or not line.good:
            print(f"{line.code}  {line.kept:9}  {line.what}{f'  ({line.more})' if line.more else ''}")
    counts = Counter(line.kept for line in lines)
    codes = {line.code for line in lines if line.kept == "found"}
    print(
        f"{counts['found']} mutations found by {len(codes)} checks, {counts['missed']} missed; "
        f"{counts['clean']} clean twins clean, {counts['not clean']} not"
    )
    return 0 if all(line.good for line in lines) else 1


def of_shop(select: str) -> Iterator[Line]:
    """The clean shop on each server, then each mutation of it: what it is told of and the clean shop is not."""
    clean = {driver: _told(SHOP, driver) for driver in ("mysql", "pgsql", "sqlite")}
    for driver, told in clean.items():
        yield Line(
            "SHOP", "not clean" if told else "clean", f"the shop without a mutation, {driver}", _codes(told)
        )
    for mutation in (*MUTATIONS, *SCHEMA_FAULTS, *CODE_FAULTS):
        if mutation.code.startswith(select.upper()):
            found = _told(mutation.of(SHOP), mutation.driver) - clean[mutation.driver]
            others = _codes({(code, said) for code, said in found if code != mutation.code})
            kept = "found" if any(code == mutation.code for code, _ in found) else "missed"
            yield Line(mutation.code, kept, mutation.what, f"also {others}" if others else "")


def _codes(told: set[tuple[str, str]]) -> str:
    return ", ".join(sorted({code for code, _ in told}))


def _told(files: dict[str, str], driver: Driver) -> set[tuple[str, str]]:
    """Code and message of all findings, of the checks that are off by default too."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        result = audit(folder, Options(driver=driver, select=("all", "optional")))[0]
    crashed = {("crash", c.what) for c in result.crashes}
    return {(f.code, f.message) for f in result.findings} | crashed


def of_examples(select: str) -> Iterator[Line]:
    """Each example of each check."""
    for check in chosen((select,) if select else ("all", "optional")):
        for example in check.examples:
            with tempfile.TemporaryDirectory() as folder:
                result = audited(example, check, Path(folder))
            said = sorted(f.message for f in result.findings)
            right = said == sorted(f.message for f in example.findings) and not result.crashes
            good, bad = ("found", "missed") if example.findings else ("clean", "not clean")
            yield Line(check.code, good if right else bad, example.title)


if __name__ == "__main__":
    sys.exit(main())
