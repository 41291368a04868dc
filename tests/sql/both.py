"""One script on a real server and on ours: every answer and the end must agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.sql.real import ColumnFacts, Real, TableFacts, our_facts
from trueup.model.locations import NOWHERE
from trueup.sources.sql.ddl import NotUnderstood
from trueup.sources.sql.read import read_sql, split_statements
from trueup.sources.sql.servers import Refused, Server, server_for

VERSIONS = {"mysql": None, "mariadb": None, "pgsql": None, "sqlite": "3.40.1"}


@dataclass
class Differences:
    """What differs: answers as (statement, real, ours), and facts as text."""

    answers: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    refused: int = 0
    carried_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.answers or self.facts)

    def __str__(self) -> str:
        lines = [f"{sql}\n    real: {real}\n    ours: {ours}" for sql, real, ours in self.answers]
        return "\n".join([*lines, *self.facts])


def ours(server: Server, sql: str) -> tuple[str | None, str]:
    """The code (SQLite: the words) of our refusal, if any, and its words."""
    snapshot = server.snapshot()
    try:
        for statement in read_sql(sql, server.name, NOWHERE, server_version=server.version_text):
            if isinstance(statement, NotUnderstood):
                return "not understood", statement.reason
            server.execute(statement)
    except Refused as refused:
        server.restore(snapshot)
        return (refused.reason if server.name == "sqlite" else refused.code), refused.reason
    return None, ""


def compare(script: str, witness: Real, server: Server | None = None, *, codes: bool = True) -> Differences:
    """Run `script`, statement by statement, on both. With `codes` a refusal must be the same one."""
    server = server or server_for(witness.driver, VERSIONS[witness.driver])
    found = Differences()
    for sql in split_statements(script, witness.driver):
        truth, (answer, reason) = witness.execute(sql), ours(server, sql)
        found.refused += truth is not None
        found.carried_out += truth is None
        if (truth is None) != (answer is None) or (codes and truth != answer):
            found.answers.append((sql, truth, f"{answer} {reason}" if answer else None))
            if (truth is None) != (answer is None):
                pass
    found.facts = differing(witness.facts(), our_facts(server.freeze()))
    return found


def differing(truth: dict[str, TableFacts], answer: dict[str, TableFacts]) -> list[str]:
    lines = [f"table {name}: real only" for name in sorted(truth.keys() - answer.keys())]
    lines += [f"table {name}: ours only" for name in sorted(answer.keys() - truth.keys())]
    for name in sorted(truth.keys() & answer.keys()):
        one, two = truth[name], answer[name]
        if one.columns != two.columns:
            lines += [
                f"{name} columns:\n    real: {a}\n    ours: {b}" for a, b in _pairs(one.columns, two.columns)
            ]
        if one.indexes != two.indexes:
            lines.append(
                f"{name} indexes: real {sorted(one.indexes - two.indexes)} ours {sorted(two.indexes - one.indexes)}"
            )
        if one.keys != two.keys:
            lines.append(
                f"{name} keys: real {sorted(one.keys - two.keys, key=str)} ours {sorted(two.keys - one.keys, key=str)}"
            )
    return lines


def _pairs(one: list[ColumnFacts], two: list[ColumnFacts]) -> list[tuple[object, object]]:
    if [c[0] for c in one] != [c[0] for c in two]:
        return [([c[0] for c in one], [c[0] for c in two])]
    return [(a, b) for a, b in zip(one, two, strict=True) if a != b]
