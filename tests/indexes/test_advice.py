"""The advised set serves every shape that an index can serve, and none of its new indexes could be left out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.indexes.advise import advise, needs_of, serves
from trueup.indexes.chains import Wanted, fitted, merged
from trueup.indexes.redundancy import redundant_indexes
from trueup.indexes.selectivity import Statistics
from trueup.model.queries import NO_QUERIES, TableRef
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.model.shapes import Predicate, QueryShape, Sort
from trueup.structs import replace

NAMES = ("user_id", "token", "status", "created_at", "seen_at")
COLUMNS = (
    Column("id", "bigint unsigned", auto_increment=True),
    Column("user_id", "bigint unsigned"),
    Column("token", "varchar(64)"),
    Column("status", "varchar(20)"),
    Column("created_at", "timestamp"),
    Column("seen_at", "timestamp"),
)
PRIMARY = Index("primary", ("id",), unique=True, primary=True)


def table_of(*indexes: Index) -> Table:
    return Table("t", COLUMNS, (PRIMARY, *indexes))


def index(*columns: str, unique: bool = False) -> Index:
    return Index("_".join(columns), columns, unique=unique)


@st.composite
def shapes(draw: st.DrawFn) -> QueryShape:
    equal = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    ranged = draw(st.sampled_from([*(n for n in NAMES if n not in equal), ""]))
    sort = draw(st.sampled_from([*NAMES, ""]))
    predicates = [Predicate("t", c, "=") for c in equal]
    if ranged:
        predicates.append(Predicate("t", ranged, ">=", "range"))
    return QueryShape(
        "select",
        (TableRef("t"),),
        tuple(predicates),
        sorts=(Sort("t", sort),) if sort else (),
        limited=draw(st.booleans()),
    )


@st.composite
def indexes(draw: st.DrawFn) -> tuple[Index, ...]:
    lists = draw(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True), max_size=3))
    return tuple(Index("_".join(c) + str(n), tuple(c)) for n, c in enumerate(lists))


@settings(max_examples=150, deadline=None)
@given(st.lists(shapes(), max_size=6), indexes(), st.booleans())
def test_the_advised_set_serves_all_and_no_more(
    asked: list[QueryShape], existing: tuple[Index, ...], hot: bool
) -> None:
    table = table_of(*existing)
    statistics = Statistics(Schema("mysql", (table,)), frozenset({"t"}), frozenset({"t"} if hot else ()))
    advice = advise(table, asked, statistics, NO_QUERIES)
    kept = [
        Index(a.name, a.columns, unique=a.unique, primary=a.name == "primary")
        for a in advice
        if a.action != "drop"
    ]
    needs = list(needs_of(table, asked, statistics))
    for need in needs:
        assert any(serves(i, need, statistics) for i in kept), need.wanted
    for one in (a for a in advice if a.action in {"add", "replace"}):
        rest = [i for i in kept if i.name != one.name]
        back = [i for i in existing if i.name in one.replaces]
        assert any(not any(serves(i, n, statistics) for i in (*rest, *back)) for n in needs), one.columns


@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from("abcd"), max_size=3),
            st.lists(st.sampled_from("xyz"), unique=True, max_size=2),
        ),
        max_size=6,
    )
)
def test_each_wish_fits_into_one_of_the_chains(wishes: list[tuple[set[str], list[str]]]) -> None:
    wanted = [Wanted(tuple(sorted(e)), tuple(t)) for e, t in wishes if e or t]
    orders = merged(wanted)
    for one in wanted:
        assert any(
            set(o[: len(one.equality)]) == set(one.equality) and o[len(one.equality) : one.size] == one.tail
            for o in orders
        )


def test_a_chain_is_split_for_a_narrower_wish() -> None:
    assert merged([Wanted(("a", "b"), ("c",)), Wanted(("b",))]) == (("b", "a", "c"),)
    assert fitted((frozenset("ab"),), Wanted(("c",))) is None


def test_advice_for_a_hot_table_by_hand() -> None:
    """Equality before order; the beginning of a longer index goes; a key stays."""
    owner = QueryShape(
        "select",
        (TableRef("t"),),
        (Predicate("t", "user_id", "="),),
        sorts=(Sort("t", "created_at", True),),
        limited=True,
    )
    table = replace(table_of(index("user_id"), index("token", unique=True)), foreign_keys=())
    statistics = Statistics(Schema("mysql", (table,)), frozenset({"t"}), frozenset({"t"}))
    told = [(a.action, a.columns, a.replaces) for a in advise(table, [owner], statistics, NO_QUERIES)]
    assert told == [
        ("replace", ("user_id", "created_at"), ("user_id",)),
        ("keep", ("id",), ()),
        ("keep", ("token",), ()),
    ]


def test_what_is_redundant_and_what_only_looks_so() -> None:
    key = ForeignKey("fk", ("user_id",), "users", ("id",))
    cases: list[tuple[str, Table, list[str]]] = [
        ("a beginning", table_of(index("status"), index("status", "token")), ["status"]),
        ("b of (a, b)", table_of(index("token"), index("status", "token")), []),
        ("the key again", table_of(Index("again", ("id",))), ["again"]),
        ("twice", table_of(Index("one", ("status",)), Index("two", ("status",))), ["two"]),
        ("unique beside plain", table_of(Index("u", ("token",), unique=True), Index("p", ("token",))), ["p"]),
        ("a unique beginning", table_of(index("token", unique=True), index("token", "status")), []),
        ("another kind", table_of(Index("f", ("status",), kind="fulltext"), index("status", "token")), []),
        (
            "a partial one",
            table_of(Index("w", ("status",), where="seen_at is null"), index("status", "token")),
            [],
        ),
        (
            "a prefix of texts",
            table_of(Index("s", ("token",), prefix_lengths=(10,)), index("token", "status")),
            [],
        ),
        (
            "the beginning, for a key that the longer one serves too",
            replace(table_of(index("user_id"), index("user_id", "token")), foreign_keys=(key,)),
            ["user_id"],
        ),
    ]
    for what, table, expected in cases:
        found = [r.index.name for r in redundant_indexes(Schema("mysql", (table,)))]
        assert (what, found) == (what, expected)
