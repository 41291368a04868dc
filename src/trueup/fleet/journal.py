"""What a fleet has found so far, as JSON lines: one a result, written whole as soon as it is there, read again by the next run."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any

from trueup.errors import Mistake, UserError
from trueup.model.fleet import Repository, Result

FORMAT = "trueup.fleet/1"


class Journal:
    """The file `path` (None: nothing is kept). `latest` and `before` are by path: the last result of each repository, and the one
    before it that had another state. One run at a time has it."""

    def __init__(self, path: str | None) -> None:
        self.latest: dict[str, Result] = {}
        self.before: dict[str, Result] = {}
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Journal:
        """Raises UserError where the file can't be written, is another run's, or holds something else."""
        if self._path is None:
            return self
        try:
            self._file = open(self._path, "a+b", buffering=0)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise UserError(Mistake("--jsonl", f"'{self._path}' is in use by another run")) from problem
        except OSError as problem:
            raise UserError(
                Mistake("--jsonl", f"can't write to '{self._path}': {problem.strerror}")
            ) from problem
        self._read(self._file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, result: Result) -> None:
        """Keeps a result. The line is one write, so that a run that is stopped leaves whole lines."""
        self._take(result)
        if self._file is not None:
            self._file.write((line(result) + "\n").encode("utf-8", errors="replace"))

    def _take(self, result: Result) -> None:
        path = result.repository.path
        known = self.latest.get(path)
        if known is not None and known.status == "audited" and known.state != result.state:
            self.before[path] = known
        self.latest[path] = result

    def _read(self, file: IO[bytes]) -> None:
        file.seek(0)
        size = 0
        for number, text in enumerate(_lines(file), 1):
            if not text.endswith(b"\n"):  # of a run that was killed as it wrote: its repository is done again
                file.truncate(size)
                break
            size += len(text)
            try:
                self._take(result_of(json.loads(text)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
                shown = f"'{self._path}' line {number} is no result of a fleet"
                raise UserError(
                    Mistake("--jsonl", shown, f"{FORMAT}; remove it or name another file")
                ) from problem
        file.seek(0, os.SEEK_END)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines with their ends; `file` itself has no buffer, and would read byte by byte."""
    with open(file.fileno(), "rb", closefd=False) as buffered:
        yield from buffered


def line(result: Result) -> str:
    """A result as one line of JSON, without its end."""
    fields: dict[str, object] = {
        "format": FORMAT,
        "repository": result.repository.path,
        "name": result.repository.name,
        "owner": result.repository.owner,
        **{name: getattr(result, name) for name in _FIELDS},
    }
    return json.dumps(fields)


_FIELDS = (
    "status",
    "at",
    "state",
    "seconds",
    "cpu_seconds",
    "memory_mb",
    "framework",
    "driver",
    "inputs",
    "findings",
    "gaps",
    "examples",
    "failures",
    "cannot_tell",
    "crashes",
    "problem",
)


def result_of(fields: dict[str, Any]) -> Result:
    """The result that a line tells. Raises KeyError, TypeError or ValueError for anything else."""
    if fields["format"] != FORMAT or fields["status"] not in ("audited", "refused", "failed"):
        raise ValueError(fields["format"])
    values = {name: fields[name] for name in _FIELDS}
    values["crashes"] = tuple(map(str, fields["crashes"]))
    values["findings"] = {
        str(code): {severity: tuple(map(str, ids)) for severity, ids in severities.items()}
        for code, severities in fields["findings"].items()
    }
    for name in ("seconds", "cpu_seconds", "memory_mb"):
        values[name] = float(values[name])
    whose = Repository(str(fields["repository"]), str(fields["name"]), str(fields["owner"]))
    return Result(repository=whose, **values)
