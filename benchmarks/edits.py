"""Does an audit that remembers say the same as one that reads everything?

    python benchmarks/edits.py [--edits 1000] [--seed 1] [--project FOLDER]

Edits a small project (or a copy of another) at random, again and again, and compares after each edit what `trueup audit` says with
its cache (answers and facts of single files) to what it says without, byte by byte. Every hundred edits the project starts anew.
Prints how many edits were made and how often facts were taken from the cache; exit code 1, with the edits that led there, at the
first difference."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.cache.edits import edit, edit_code, write_project
from trueup.cli import run
from trueup.sources.laravel.memory import Fact, StateOf

AFRESH = 100


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--project", type=Path)
    options = parser.parse_args()
    chance, counted = random.Random(options.seed), _Counted()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRUEUP_CACHE_DIR"] = f"{folder}/cache"
        os.environ["TRUEUP_PROCESSES"] = "1"  # so that the facts that hold are counted here
        done: list[str] = []
        for number in range(options.edits):
            if number % AFRESH == 0:
                done, root = [], Path(folder) / f"shop{number}"
                _begin(root, options.project)
            done.append(edit_code(root, chance) if options.project else edit(root, chance))
            if said(root) != said(root, "--no-cache"):
                print(f"different after {number + 1} edits:", *done, sep="\n  ")
                return 1
    print(f"{options.edits} edits, no difference; {counted.held} facts held, {counted.failed} did not")
    return 0


def _begin(root: Path, project: Path | None) -> None:
    if project is None:
        write_project(root)
    else:
        left_out = shutil.ignore_patterns(".git", "vendor", "node_modules")
        shutil.copytree(project, root, symlinks=True, ignore=left_out)


class _Counted:
    """Counts how often a remembered fact was believed, from when it is made."""

    def __init__(self) -> None:
        self.held = self.failed = 0
        holds = Fact.holds

        def counting(fact: Fact[object], state_of: StateOf) -> bool:
            held = holds(fact, state_of)
            self.held += held
            self.failed += not held
            return held

        mock.patch.object(Fact, "holds", counting).start()


def said(root: Path, *options: str) -> tuple[str, int]:
    """What the audit prints, and its exit code."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = run(["audit", str(root), "--format", "json", "--quiet", *options])
    out.seek(0)
    return out.read(), code


if __name__ == "__main__":
    sys.exit(main())
