"""KEY013: the two columns of a polymorphic relation that no index serves, or of which one alone may be NULL."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import bare
from trueup.checks.registry import check
from trueup.checks.relation._links import PIVOT_KINDS, Told, relations
from trueup.checks.wording import code, php_list, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Column, Table

_MODEL = model("public function payable()\n{\n    return $this->morphTo();\n}")


def _expected(severity: Severity, text: str) -> Expected:
    return Expected(severity, text, table="cost_records", column="payable_id")


EXAMPLES = (
    failing(
        "The pair was made by hand, without the index that `morphs()` makes",
        given(
            migration=table(
                "$table->string('payable_type', 100);\n$table->unsignedBigInteger('payable_id');"
            ),
            files=_MODEL,
        ),
        _expected(
            "info", "No index serves the polymorphic pair `payable_type`, `payable_id` of `cost_records`."
        ),
    ),
    failing(
        "Half of the pair may be missing",
        given(
            migration=table("""
                $table->string('payable_type', 100)->nullable();
                $table->unsignedBigInteger('payable_id');
                $table->index(['payable_type', 'payable_id']);
            """),
            files=_MODEL,
        ),
        _expected(
            "warning",
            "Of the polymorphic pair of `cost_records`, `payable_type` may be NULL and `payable_id` may not.",
        ),
    ),
    clean("`morphs()`", given(migration=table("$table->morphs('payable');"), files=_MODEL)),
    clean("`nullableMorphs()`", given(migration=table("$table->nullableMorphs('payable');"), files=_MODEL)),
)


@check(
    code="KEY013",
    title="A polymorphic pair without an index, or nullable by half",
    severity="warning",
    category="key",
    why="""Every query of the relation filters by both columns, and reads the whole table without an index. A row with an id and no
        type, or a type and no id, belongs to nothing, and `morphTo` answers null for it.""",
    fix="Use `morphs()` or `nullableMorphs()`, which make both columns alike and the index too.",
    examples=EXAMPLES,
)
def morph_pair(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[str, str]] = set()
    for told in relations(facts):
        found = _pair(facts, told)
        if found is None or (found[0].name, found[2].name) in seen:
            continue
        seen.add((found[0].name, found[2].name))
        table_, type_, id_ = found
        if type_.nullable != id_.nullable and not {"nullable"} & {*type_.unknown, *id_.unknown}:
            yield _half(told, table_, type_, id_)
        elif not _is_served(table_, type_.name.lower(), id_.name.lower()):
            yield _unserved(told, table_, type_, id_)


def _pair(facts: Facts, told: Told) -> tuple[Table, Column, Column] | None:
    r = told.relation
    if not r.morph_type or not r.morph_id:
        return None
    table_ = told.table if r.kind == "morphTo" else told.related_table
    if r.kind in PIVOT_KINDS:
        table_ = facts.schema.table(bare(r.pivot_table))
    type_, id_ = (
        (table_.column(r.morph_type), table_.column(r.morph_id)) if table_ is not None else (None, None)
    )
    return (table_, type_, id_) if table_ is not None and type_ is not None and id_ is not None else None


def _is_served(table_: Table, type_: str, id_: str) -> bool:
    """An index that begins with both, in either order, or with the id, which tells most rows apart; also behind a tenant."""
    for index in table_.indexes:
        columns = [c.lower() for c in index.columns]
        if columns[:1] == [id_] or {type_, id_} <= set(columns[:3]):
            return True
    return False


def _half(told: Told, table_: Table, type_: Column, id_: Column) -> Finding:
    may, may_not = (type_, id_) if type_.nullable else (id_, type_)
    return Finding(
        "KEY013",
        "warning",
        "key",
        f"Of the polymorphic pair of {code(table_.name)}, {code(may.name)} may be NULL and {code(may_not.name)} may not.",
        table=table_.name,
        column=id_.name,
        expected="both alike",
        found=f"{may.name} nullable, {may_not.name} not",
        locations=places(may.at, may_not.at, told.relation.at),
        recommendation=f"Make {code(may.name)} NOT NULL, or {code(may_not.name)} nullable.",
    )


def _unserved(told: Told, table_: Table, type_: Column, id_: Column) -> Finding:
    return Finding(
        "KEY013",
        "info",
        "key",
        f"No index serves the polymorphic pair {code(type_.name)}, {code(id_.name)} of {code(table_.name)}.",
        table=table_.name,
        column=id_.name,
        expected=f"an index on {type_.name}, {id_.name}",
        found="none",
        locations=places(id_.at, told.relation.at),
        recommendation=f"Add `$table->index({php_list([type_.name, id_.name])});` in a migration.",
        key="index",
    )
