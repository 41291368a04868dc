"""What becomes of costs when the user whose they are is deleted."""

from __future__ import annotations

from trueup.model.proofs import Proof
from trueup.model.schema import ForeignKey
from trueup.prove._alter import referenced
from trueup.prove._answers import Answer
from trueup.prove.bench import Bench
from trueup.sources.sql.writing import Writer


def deletion(bench: Bench, code: str, capability: str) -> Proof:
    """Deletes a user who has two costs, and counts what is left. All is undone."""
    answer, record = Answer("keep-whole", code, capability), bench.record
    if not record.user:
        return answer.proof("cannot tell", f"no column of {record.table.name} says whose a cost is")
    key = next((k for k in record.table.foreign_keys if k.columns == (record.user,)), None)
    if key is None:
        answer.saw(
            "the table that users are in",
            f"{record.table.name}.{record.user} refers to none: deleting changes no cost",
        )
        return answer.proof(
            "carried", f"no deletion of a user reaches {record.table.name}: its costs stay under their number"
        )
    return _tried(bench, answer, key)


def _tried(bench: Bench, answer: Answer, key: ForeignKey) -> Proof:
    from sqlalchemy.exc import DBAPIError

    from trueup.scratch.building import words_of

    record, sql = bench.record, bench.sql
    table, column = record.table.name, record.user
    user = bench.users(1)[0]
    named, parent = sql.name(table), sql.name(key.foreign_table)
    statement = f"DELETE FROM {parent} WHERE {sql.name(key.foreign_columns[0])} = %s"
    with sql.engine.connect() as connection:
        for _ in range(2):
            sql.run(*sql.insert(table, bench.cost_row({"user": user})), connection)
        try:
            sql.run(statement, [user], connection)
        except DBAPIError as problem:
            answer.saw(
                "deleting a user with two costs",
                f"refused: {words_of(problem)[0]}",
                sql.shown(statement, [user]),
            )
            connection.rollback()
            return answer.proof("carried", f"the server deletes no user who has costs in {table}")
        left = int(sql.one(f"SELECT COUNT(*) FROM {named}", (), connection))
        owned = int(
            sql.one(f"SELECT COUNT(*) FROM {named} WHERE {sql.name(column)} IS NOT NULL", (), connection)
        )
        connection.rollback()
    answer.saw(
        "deleting a user with two costs",
        f"{left} costs are left, {owned} of them with a user",
        sql.shown(statement, [user]),
    )
    if left == 2:
        return answer.proof("carried", f"costs in {table} stay when their user is deleted, without the user")
    drop = Writer(bench.driver)
    word = "FOREIGN KEY" if bench.driver in ("mysql", "mariadb") else "CONSTRAINT"
    gone = (
        f"ALTER TABLE {named} DROP {word} {drop.name(key.name)}"
        if key.name and bench.driver != "sqlite"
        else ""
    )
    answer.change("costs outlive their user", gone)
    answer.change(
        "costs outlive their user",
        referenced(record.table, column, key.foreign_table, key.foreign_columns[0], bench.driver, "restrict"),
    )
    answer.blame(
        record.table,
        column,
        f"Deleting a user deletes the costs in `{table}`: totals of past months change.",
        broken=True,
        expected="restrict or set null",
        found=key.on_delete,
        recommendation="Refuse to delete a user who has costs, or keep them without the user.",
    )
    return answer.proof("not carried", f"deleting a user deletes its costs in {table}")
