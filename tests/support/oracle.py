"""The real framework as a witness: Debian's Laravel (8.83) in a PHP process of its own, on real servers."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

from trueup.model.names import Driver

SCRIPT = Path(__file__).parents[1] / "oracle" / "migrate.php"
ANSWER_SECONDS = 60.0


class ColumnFact(TypedDict):
    name: str
    type: str
    nullable: bool
    default: str | None
    auto_increment: bool


class IndexFact(TypedDict):
    name: str
    columns: list[str]
    unique: bool
    primary: bool


class KeyFact(TypedDict):
    name: str | None
    columns: list[str]
    foreign_table: str
    foreign_columns: list[str]
    on_delete: str
    on_update: str


class TableFacts(TypedDict):
    columns: list[ColumnFact]
    indexes: list[IndexFact]
    foreign_keys: list[KeyFact]


Tables = dict[str, TableFacts]


@dataclass(frozen=True, slots=True)
class OracleResult:
    """What the server held when all migrations had run. `failed`: failing migration → the server's words, in order."""

    driver: Driver
    tables: Tables
    failed: dict[str, str]
    server_version: str
    framework: str


class OracleError(Exception):
    """The PHP process died or answered something else than a result: the case is at fault, or the harness."""


class Oracle:
    """A PHP process that runs one set of migrations after another. A case that kills it costs a restart, not the rest."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, driver: Driver, files: Mapping[str, str]) -> OracleResult:
        """Runs `files` (name → PHP source) on an empty database of `driver`; raises OracleError when no result comes."""
        answer = self._ask(json.dumps({"driver": driver, "files": dict(files)}))
        if "error" in answer:
            raise OracleError(str(answer["error"]))
        return read_result(answer)

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def _start(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                ["php", "-d", "display_errors=stderr", str(SCRIPT), "--serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "APP_ENV": "production"},
            )
        return self._process

    def _ask(self, line: str) -> dict[str, object]:
        process = self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            ready = selector.select(ANSWER_SECONDS)
        text = process.stdout.readline() if ready else ""
        if not text:
            process.kill()
            self.close()
            raise OracleError("the PHP process gave no answer")
        answer: dict[str, object] = json.loads(text)
        return answer


def read_result(answer: Mapping[str, object]) -> OracleResult:
    """The result in an answer of migrate.php, or in a file of the same shape."""
    fields: dict[str, object] = json.loads(json.dumps(answer))
    failures = fields["failed"]
    assert isinstance(failures, list)
    return OracleResult(
        driver=fields["driver"],  # type: ignore[arg-type]  # JSON made by migrate.php: the driver that was asked for
        tables=_tables(fields["tables"]),
        failed={failure["migration"]: failure["reason"] for failure in failures},
        server_version=str(fields["server_version"]),
        framework=str(fields["laravel"]),
    )


def _tables(value: object) -> Tables:
    # PHP writes an empty map as a list.
    return value if isinstance(value, dict) else {}
