"""Whether a record keeps what else is known of a request: the model, the tokens, metadata, the currency."""

from __future__ import annotations

import json

from trueup.model.proofs import Proof
from trueup.prove._alter import added, retyped
from trueup.prove._answers import Answer, listed
from trueup.prove._prices import LONG_MODELS
from trueup.prove._sql import Value
from trueup.prove.bench import Bench

TOKENS = (1_000_000, 2**31 - 1, 2**31, 2**32)
CURRENCIES = ("USD", "EUR", "JPY")
METADATA: dict[str, object] = {
    "app": "helpdesk",
    "tags": ["préparation", "测试", "🧾"],
    "retries": 0,
    "price": {"input": "0.00000015", "unit": "token"},
    "stop": None,
}


def _kept(bench: Bench, role: str, value: Value) -> tuple[str, object, str]:
    """Stores a cost with this value: the server's words where it refuses, what it gives back, and the statement."""
    from sqlalchemy.exc import DBAPIError

    from trueup.scratch.building import words_of

    record = bench.record
    sql, values = bench.sql.insert(record.table.name, bench.cost_row({role: value}))
    column, table = bench.sql.name(getattr(record, role)), bench.sql.name(record.table.name)
    with bench.sql.engine.connect() as connection:
        try:
            bench.sql.run(sql, values, connection)
            found = bench.sql.one(f"SELECT {column} FROM {table}", (), connection)
        except DBAPIError as problem:
            return words_of(problem)[0], None, bench.sql.shown(sql, values)
        connection.rollback()
    return "", found, bench.sql.shown(sql, values)


def models(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("record", code, capability), bench.record
    if not record.model:
        answer.change(
            "costs can be told by model", added(record.table, "model", "varchar(150)", bench.driver)
        )
        answer.blame(record.table, "", f"`{record.table.name}` has no column for the model.", broken=False)
        return answer.proof("not carried", f"no column of {record.table.name} holds the model")
    lost = []
    for model in LONG_MODELS:
        reason, found, sql = _kept(bench, "model", model)
        if reason or found != model:
            lost.append(model)
        answer.saw(f"{len(model)} characters: {model}", _said(reason, found, model), sql if reason else "")
    label = f"{record.table.name}.{record.model}"
    if not lost:
        return answer.proof(
            "carried", f"{label} holds every model name up to {len(LONG_MODELS[-1])} characters"
        )
    column = bench.column(record.table, record.model)
    kind = "character varying(150)" if bench.driver == "pgsql" else "varchar(150)"
    answer.change(
        "fine-tuned models, ARNs and paths are names too", retyped(record.table, column, bench.driver, kind)
    )
    shortest = min(map(len, lost))
    answer.blame(
        record.table,
        record.model,
        f"`{record.model}` ({column.type}) takes no model name of {shortest} characters.",
        broken=False,
        expected="varchar(150)",
        found=column.type,
        recommendation="Widen the column to 150 characters.",
    )
    plain = lost[0] == LONG_MODELS[0]
    return answer.proof(
        "not carried" if plain else "carried with conditions",
        f"{label} ({column.type}) refuses or cuts model names of {shortest} characters and more",
    )


def tokens(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("record", code, capability), bench.record
    roles = [role for role in ("input_tokens", "output_tokens") if getattr(record, role)]
    if len(roles) < 2:
        answer.blame(
            record.table, "", f"`{record.table.name}` does not hold both token counts.", broken=False
        )
        names = [r.replace("_", " ") for r in ("input_tokens", "output_tokens") if r not in roles]
        return answer.proof("not carried", f"no column of {record.table.name} holds {listed(names)}")
    most = min(_most_tokens(bench, answer, role) for role in roles)
    if most >= TOKENS[-1]:
        return answer.proof("carried", f"both counts hold {TOKENS[-1]:,} tokens and more")
    for role in roles:
        column = bench.column(record.table, getattr(record, role))
        change = retyped(record.table, column, bench.driver, "bigint")
        answer.change("totals of a day or a batch go beyond 2³¹", change)
        answer.blame(
            record.table,
            column.name,
            f"`{column.name}` ({column.type}) takes no more than {most:,} tokens.",
            broken=False,
            expected="bigint",
            found=column.type,
            recommendation="Widen the column to bigint.",
        )
    if most < TOKENS[0]:
        return answer.proof("not carried", "a record does not hold a million tokens")
    words = f"a record holds up to {most:,} tokens: enough for a request, not for a total"
    return answer.proof("carried with conditions", words)


def _most_tokens(bench: Bench, answer: Answer, role: str) -> int:
    """The largest of TOKENS that the column holds, 0 for none."""
    most = 0
    for number in TOKENS:
        reason, found, sql = _kept(bench, role, number)
        answer.saw(
            f"{number:,} {role.replace('_', ' ')}", _said(reason, found, number), sql if reason else ""
        )
        if not reason and found == number:
            most = number
    return most


def metadata(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("record", code, capability), bench.record
    if not record.metadata:
        kind = "jsonb" if bench.driver == "pgsql" else "json"
        answer.change("what else is known of a request", added(record.table, "metadata", kind, bench.driver))
        answer.blame(record.table, "", f"`{record.table.name}` has no column for metadata.", broken=False)
        return answer.proof("not carried", f"no column of {record.table.name} holds metadata")
    label = f"{record.table.name}.{record.metadata}"
    large = {**METADATA, "prompt": "é" * 50_000}
    lost = []
    for what, document in (
        ("nested, with signs of three scripts", METADATA),
        ("a document of 100 KB", large),
    ):
        text = json.dumps(document, ensure_ascii=False)
        reason, found, sql = _kept(bench, "metadata", text)
        same = not reason and _document(found) == document
        answer.saw(what, "read back the same" if same else reason or "read back changed", "" if same else sql)
        lost += [] if same else [what]
    refusal, _, sql = _kept(bench, "metadata", '{"cut off": ')
    answer.saw("a document that is cut off", f"refused: {refusal}" if refusal else "let in", sql)
    if not lost and refusal:
        return answer.proof("carried", f"{label} gives JSON back as it was and takes nothing else")
    column = bench.column(record.table, record.metadata)
    kind = "jsonb USING " + bench.sql.name(column.name) + "::jsonb" if bench.driver == "pgsql" else "json"
    answer.change("the server takes only JSON", retyped(record.table, column, bench.driver, kind))
    message = (
        f"`{column.name}` ({column.type}) {'loses ' + listed(lost) if lost else 'takes what is no JSON'}."
    )
    answer.blame(record.table, column.name, message, broken=bool(lost), expected="json", found=column.type)
    words = f"loses {listed(lost)}" if lost else "takes what is no JSON"
    return answer.proof(
        "not carried" if len(lost) == 2 else "carried with conditions", f"{label} ({column.type}) {words}"
    )


def currency(bench: Bench, code: str, capability: str) -> Proof:
    answer, record = Answer("record", code, capability), bench.record
    if not record.currency:
        answer.change(
            "amounts of different currencies are told apart",
            added(record.table, "currency", "char(3)", bench.driver),
        )
        answer.blame(record.table, "", f"`{record.table.name}` has no column for the currency.", broken=False)
        return answer.proof(
            "carried with conditions",
            f"all costs in {record.table.name} must be of one currency: no column tells it",
        )
    lost = []
    for name in CURRENCIES:
        reason, found, sql = _kept(bench, "currency", name)
        same = str(found).strip() == name
        answer.saw(name, _said(reason, str(found).strip(), name), "" if same else sql)
        lost += [] if same else [name]
    label = f"{record.table.name}.{record.currency}"
    if not lost:
        return answer.proof("carried", f"{label} holds the code of any currency")
    column = bench.column(record.table, record.currency)
    answer.blame(
        record.table,
        column.name,
        f"`{column.name}` ({column.type}) does not hold {listed(lost)}.",
        broken=False,
    )
    return answer.proof("not carried", f"{label} ({column.type}) does not hold {listed(lost)}")


def _said(reason: str, found: object, sent: object) -> str:
    if reason:
        return f"refused: {reason}"
    return "read back the same" if found == sent else f"read back as {found}"


def _document(found: object) -> object:
    if not isinstance(found, str | bytes):
        return found
    try:
        return json.loads(found)
    except ValueError:
        return None
