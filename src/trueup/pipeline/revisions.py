"""Two states of one project from its git history, taken out of the object store into folders of their own: the project's
work tree is not touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

from trueup.errors import Mistake, UserError
from trueup.structs import Struct

MAX_FILE_BYTES = 5_000_000
SECONDS = 120

WANTED = (
    *(".php", ".php.stub", ".sql", ".dump", ".json", ".csv", ".txt"),
    *(".md", ".markdown", ".mdx", ".rst", ".dbml", ".mmd"),
    *("composer.lock", "artisan", ".gitignore", ".env.example", ".env.testing"),
    *(
        "phpunit.xml",
        "phpunit.xml.dist",
        "phpunit.dist.xml",
        "trueup.toml",
        "trueup-baseline.toml",
        "pyproject.toml",
    ),
)
"""Endings of the files that an audit reads."""

REGULAR = ("100644", "100755")
"""Modes of plain files; symbolic links and submodules are left where they are."""


class Blob(Struct, frozen=True):
    path: str
    name: str


def split_range(text: str) -> tuple[str, str]:
    """ "A..B" → (A, B); "A" or "A.." → (A, "") for the work tree. Raises UserError for anything else."""
    before, dots, after = text.partition("..")
    if not before or after.startswith((".", "-")) or before.startswith("-"):
        raise UserError(
            Mistake(
                "--rev", f"'{text}' is no range of revisions", "such as v1.0..v2.0, or v1.0 for the work tree"
            )
        )
    return before, after if dots else ""


def write_revision(root: str, revision: str, folder: str) -> None:
    """Writes the files of `revision` that matter, as far as they lie in `root`, to `folder`. Raises UserError."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UserError(Mistake("--rev", f"there is no revision '{revision}' in {root}"))
    listing = _git(root, "ls-tree", "-r", "-l", "-z", commit.decode().strip())
    if listing is None:
        raise UserError(Mistake("--rev", f"git can't list revision '{revision}'"))
    blobs = list(_blobs(listing))
    for blob, content in zip(blobs, _contents(root, blobs), strict=True):
        path = os.path.join(folder, *blob.path.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)


def _git(root: str, *arguments: str, given: bytes | None = None) -> bytes | None:
    """What git answers, or None where it refuses. Nothing that the repository configures is run."""
    command = ["git", "-C", root, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=SECONDS)
    except FileNotFoundError as problem:
        raise UserError(Mistake("--rev", "git is not installed")) from problem
    except subprocess.TimeoutExpired as problem:
        raise UserError(Mistake("--rev", f"git gave no answer in {SECONDS} seconds")) from problem
    if done.returncode == 128 and b"not a git repository" in done.stderr:
        raise UserError(Mistake("--rev", f"{root} is in no git repository"))
    if b"dubious ownership" in done.stderr:
        raise UserError(Mistake("--rev", f"git refuses to read {root}: it belongs to another user"))
    return done.stdout if done.returncode == 0 else None


def _blobs(listing: bytes) -> Iterator[Blob]:
    """The wanted files of `git ls-tree -r -l -z`: "mode type name size\\tpath", paths relative to where git was asked."""
    for entry in listing.split(b"\0"):
        head, tab, path = entry.partition(b"\t")
        if not tab:
            continue
        mode, _, name, size = head.decode().split()
        text = path.decode("utf-8", errors="surrogateescape")
        parts = text.split("/")
        unsafe = any(part in ("", ".", "..", ".git") for part in parts) or "\\" in text
        if mode in REGULAR and int(size) <= MAX_FILE_BYTES and text.endswith(WANTED) and not unsafe:
            yield Blob(text, name)


def _contents(root: str, blobs: list[Blob]) -> Iterator[bytes]:
    """The files' bytes, in order, in one call of `git cat-file --batch`: "name blob size\\n" + bytes + "\\n" each."""
    names = "".join(f"{blob.name}\n" for blob in blobs).encode()
    answer = _git(root, "cat-file", "--batch", given=names) if blobs else b""
    if answer is None:
        raise UserError(Mistake("--rev", f"git can't read files of {root}"))
    position = 0
    for _ in blobs:
        end = answer.index(b"\n", position)
        size = int(answer[position:end].rsplit(b" ", 1)[-1])
        yield answer[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
