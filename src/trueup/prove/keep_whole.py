"""Keep whole: what the schema itself refuses, and what it lets in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trueup.model.proofs import Proof
from trueup.prove._alter import added, checked, indexed, referenced
from trueup.prove._answers import Answer, listed, unbound
from trueup.prove._deletion import deletion
from trueup.prove._sql import Value
from trueup.prove.bench import Bench
from trueup.prove.registry import probe


@probe(
    name="keep-whole",
    about="Deletes a user, repeats a request, and sends costs that cannot be: negative, of nobody, in no currency, no numbers.",
    seconds=15,
)
def keep_whole(bench: Bench) -> Iterator[Proof]:
    missing = bench.missing_record()
    for code, capability, ask in CAPABILITIES:
        if missing:
            table = bench.binding.record.table if bench.binding.record else None
            yield unbound("keep-whole", code, capability, missing, table)
        else:
            bench.tell(capability)
            yield ask(bench, code, capability)
    if not missing:
        bench.clear()


def _tried(bench: Bench, answer: Answer, what: str, given: Mapping[str, Value]) -> bool:
    """Sends a record that should not be; whether the server refuses it."""
    sql, values = bench.sql.insert(bench.record.table.name, bench.cost_row(given))
    reason = bench.sql.refusal(sql, values)
    answer.saw(what, f"refused: {reason}" if reason else "let in", bench.sql.shown(sql, values))
    return bool(reason)


def orphans(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("keep-whole", code, capability), bench.record
    if not record.user:
        return answer.proof("cannot tell", f"no column of {record.table.name} says whose a cost is")
    nobody: Value = 999_999_999 if bench.type_of(record.table, record.user).family == "integer" else "nobody"
    if bench.type_of(record.table, record.user).family == "uuid":
        nobody = "ffffffff-ffff-4fff-8fff-ffffffffffff"
    if _tried(bench, answer, f"a cost of user {nobody}, who does not exist", {"user": nobody}):
        return answer.proof("carried", f"{record.table.name} takes no cost of a user who does not exist")
    if users := bench.schema.table("users"):
        key = users.primary_key.columns[0] if users.primary_key else "id"
        answer.change(
            "no cost without its user, and none lost with it",
            referenced(record.table, record.user, users.name, key, bench.driver, "restrict"),
        )
    answer.blame(
        record.table,
        record.user,
        f"`{record.user}` takes users who do not exist.",
        broken=False,
        expected="a foreign key",
        found="none",
        recommendation="Add a foreign key, or check the user where costs are written.",
    )
    return answer.proof("not carried", f"{record.table.name} takes costs of users who do not exist")


def signs(bench: Bench, code: str, capability: str) -> Proof:
    """A negative cost makes room under a limit; one of nothing does no harm by itself."""
    from decimal import Decimal

    answer, record = Answer("keep-whole", code, capability), bench.record
    refused = _tried(bench, answer, "a cost of -5", {"amount": bench.sent(Decimal(-5))})
    _tried(bench, answer, "a cost of 0", {"amount": bench.sent(Decimal(0))})
    if refused:
        return answer.proof("carried", f"{bench.amount_label} takes no negative cost")
    column = bench.sql.name(record.amount)
    name = f"{record.table.name.rpartition('.')[2]}_{record.amount}_check"[-60:].lstrip("_")
    answer.change(
        "a negative cost makes room under a limit",
        checked(record.table, name, f"{column} >= 0", bench.driver),
    )
    answer.blame(
        record.table,
        record.amount,
        f"`{record.amount}` takes negative costs, which make room under a limit.",
        broken=False,
        expected=f"CHECK ({record.amount} >= 0)",
        found="no such check",
        recommendation="Add a CHECK constraint.",
    )
    return answer.proof(
        "not carried", f"{bench.amount_label} takes negative costs, which make room under a limit"
    )


def duplicates(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("keep-whole", code, capability), bench.record
    table = record.table
    if not record.request_id:
        answer.change(
            "the same request is counted once",
            added(table, "request_id", "varchar(64)", bench.driver),
            indexed(table, ("request_id",), bench.driver, unique=True),
        )
        answer.blame(
            table, "", f"`{table.name}` has no column for the request's id: a retry is counted twice.", broken=True,
            expected="a request id with a unique key", recommendation="Add a request id with a unique key.",
        )  # fmt: skip
        return answer.proof("not carried", f"nothing in {table.name} tells a retry from another request")
    row = bench.cost_row()
    sql, values = bench.sql.insert(table.name, row)
    bench.sql.run(sql, values)
    reason = bench.sql.refusal(sql, values)
    bench.clear()
    answer.saw(
        "the same request once more",
        f"refused: {reason}" if reason else "let in",
        bench.sql.shown(sql, values),
    )
    if reason:
        return answer.proof("carried", f"{table.name}.{record.request_id} lets no request be counted twice")
    answer.change(
        "the same request is counted once", indexed(table, (record.request_id,), bench.driver, unique=True)
    )
    answer.blame(
        table, record.request_id, f"`{record.request_id}` is not unique: a retry is counted twice.", broken=True,
        expected="a unique key", found="none", recommendation="Add a unique key.",
    )  # fmt: skip
    return answer.proof(
        "not carried", f"{table.name}.{record.request_id} has no unique key: a retry is counted twice"
    )


def currencies(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("keep-whole", code, capability), bench.record
    if not record.currency:
        return answer.proof("cannot tell", f"no column of {record.table.name} tells the currency")
    let_in = [
        what
        for what, value in (
            ("ZZZ, which is no currency", "ZZZ"),
            ("usd in small letters", "usd"),
            ("an empty text", ""),
        )
        if not _tried(bench, answer, f"the currency {what}", {"currency": value})
    ]
    if not let_in:
        return answer.proof("carried", f"{record.table.name}.{record.currency} takes known currencies only")
    column = bench.sql.name(record.currency)
    name = f"{record.table.name.rpartition('.')[2]}_{record.currency}_check"[-60:].lstrip("_")
    expression = f"{column} IN ('USD', 'EUR')"
    answer.change(
        "amounts of unknown currency are in no sum", checked(record.table, name, expression, bench.driver)
    )
    answer.blame(
        record.table, record.currency, f"`{record.currency}` takes {listed(let_in)}.", broken=False,
        expected="a list of allowed values", found=bench.column(record.table, record.currency).type,
        recommendation="Check the currency against the list of those in use.",
    )  # fmt: skip
    return answer.proof(
        "carried with conditions", f"{record.table.name}.{record.currency} takes {listed(let_in)}"
    )


def types(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("keep-whole", code, capability), bench.record
    sent: list[tuple[str, str, Value]] = [
        ("amount", "a cost of 'much'", "much"),
        ("time", "the time 'some day'", "some day"),
    ]
    sent += [("time", "30 February", "2025-02-30 12:00:00"), ("input_tokens", "'many' tokens", "many")]
    let_in = [
        (role, what)
        for role, what, value in sent
        if getattr(record, role) and not _tried(bench, answer, what, {role: value})
    ]
    if not let_in:
        return answer.proof("carried", f"{record.table.name} takes no values of a wrong type")
    for role, what in let_in:
        column = bench.column(record.table, getattr(record, role))
        answer.blame(
            record.table, column.name, f"`{column.name}` ({column.type}) takes {what}.", broken=role == "amount",
            found=column.type, recommendation="Check the value where costs are written."
            if bench.driver == "sqlite" else "Give the column the type of what it holds.",
        )  # fmt: skip
    words = f"{record.table.name} takes {listed(what for _, what in let_in)}"
    return answer.proof(
        "not carried", words + (": SQLite's types are hints" if bench.driver == "sqlite" else "")
    )


CAPABILITIES = (
    ("PRF501", "keep costs when a user is deleted", deletion),
    ("PRF502", "refuse costs of users who do not exist", orphans),
    ("PRF503", "refuse negative costs", signs),
    ("PRF504", "count a request once", duplicates),
    ("PRF505", "refuse unknown currencies", currencies),
    ("PRF506", "refuse values of a wrong type", types),
)
