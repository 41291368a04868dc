"""Exhibits for the page: one of everything with hostile text, and one as large as an application gets."""

from __future__ import annotations

from tests.report.samples import AUDIT, HOSTILE, PROJECT
from trueup.model.audit import Audit, Facts, InventoryRow
from trueup.model.eloquent import Eloquent
from trueup.model.evidence import Evidence, Growth, Measure, Plan, ServerEvidence, Step, Trial, Work
from trueup.model.excerpts import Excerpt
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.pairing import Comparison
from trueup.model.proofs import Evidence as Done
from trueup.model.proofs import Proof, ProofRun, SchemaChange, Workload
from trueup.model.queries import TableRef
from trueup.model.remedies import NewFile, Patch, Remedy
from trueup.model.roles import Binding
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.model.shapes import Advice, Performance, QueryShape, ServedBy, Use
from trueup.model.spec import Specification
from trueup.model.tickets import Draft
from trueup.model.tickets import Work as Piece
from trueup.page.exhibit import Exhibit
from trueup.structs import replace


def everything() -> Exhibit:
    """Every part of the page has something in it; names and texts try to break out of it."""
    first = AUDIT.findings[0]
    place = Location(first.locations[0].file, first.locations[0].line)
    shape = QueryShape("select", (TableRef(HOSTILE),), sites=(place,))
    advice = Advice(HOSTILE, ("a", "b"), "add", "a_b_index", serves=(shape,), sites=(place,), why=HOSTILE)
    served = ServedBy(shape, "unserved", (Use(HOSTILE, "a_index", ("a",)),), ("a =",), HOSTILE)
    remedy = Remedy(
        "x",
        HOSTILE,
        "add columns",
        (first.id,),
        (first.code,),
        files=(NewFile("a.php", HOSTILE),),
        patches=(Patch("b.php", HOSTILE),),
    )
    drafts = (
        Draft(
            Piece("one", "Implementation", "x", findings=(first,)),
            1010,
            "one",
            "docs/1010-one.md",
            HOSTILE,
            HOSTILE,
            "Small",
        ),
        Draft(
            Piece("two", "Test Cleanup", "x", needs=("one",)),
            1043,
            "two",
            "docs/1043-two.md",
            "Two",
            HOSTILE,
            "Small",
        ),
    )
    return Exhibit(
        AUDIT,
        {place: Excerpt(place.file, place.line, max(1, place.line - 1), (HOSTILE, "meant", "after"))},
        Performance((served,), (advice,)),
        _evidence(shape),
        (_proofs(),),
        (remedy,),
        drafts,
    )


def _proofs() -> ProofRun:
    done = Done(HOSTILE, "3 of 4", f"insert into t values ({HOSTILE})")
    proof = Proof(
        "enforce", "daily budget", "not carried", HOSTILE, (done,), (SchemaChange(HOSTILE, "ALTER TABLE t"),)
    )
    return ProofRun("shop", "sqlite", "SQLite 3.40", "sqlite", Workload(), Binding("sqlite"), (proof,))


def _evidence(shape: QueryShape) -> Evidence:
    def measures(amounts: tuple[float, ...]) -> tuple[Measure, ...]:
        plan = Plan((Step("t", "scan", "", 1000.0),), sorts=True)
        return tuple(Measure(10 ** (3 + i), plan, Work(a, "rows", 0.01)) for i, a in enumerate(amounts))

    trial = Trial(
        shape,
        f"select * from t where a = {HOSTILE}",
        measures((1000, 10_000, 100_000)),
        measures((10, 12, 14)),
        Growth(1.0, "linear", "rows"),
        Growth(0.05, "constant", "rows"),
    )
    return Evidence((ServerEvidence("mariadb", "10.11", (1000, 10_000, 100_000), trials=(trial,)),))


def large(tables: int = 150, findings: int = 2000) -> Exhibit:
    """So many tables with twelve columns, each with a key to another, and so many findings with two excerpts each."""
    made = tuple(_table(number, tables) for number in range(tables))
    schema = Schema("mysql", made, framework="laravel 12.0.0")
    found = tuple(_finding(number, tables) for number in range(findings))
    facts = Facts(
        replace(PROJECT, name="acme/large"), schema, Specification(), Comparison(extra=made), Eloquent()
    )
    rows = tuple(InventoryRow(t.name, "extra", matched=t.name, migration=t.at) for t in made)
    excerpts = {
        place: Excerpt(
            place.file,
            place.line,
            place.line - 2,
            ("            $table->string('column_of_some_length', 120);",) * 5,
        )
        for finding in found
        for place in finding.locations
    }
    return Exhibit(Audit(facts, "mysql", "set by --driver", found, inventory=rows), excerpts)


def _table(number: int, tables: int) -> Table:
    name, at = f"table_{number:03d}", Location(f"database/migrations/2024_01_01_{number:06d}_create.php", 12)
    other = f"table_{(number * 7 + 3) % tables:03d}"
    columns = tuple(Column(f"column_{c:02d}", "bigint unsigned", at=at) for c in range(12))
    return Table(
        name,
        columns,
        (
            Index("primary", ("column_00",), unique=True, primary=True),
            Index(f"{name}_index", ("column_01", "column_02")),
        ),
        (ForeignKey(f"{name}_foreign", ("column_01",), other, ("column_00",), "cascade"),),
        at=at,
    )


def _finding(number: int, tables: int) -> Finding:
    table = f"table_{number % tables:03d}"
    places = (
        Location(f"app/Services/Service{number:04d}.php", 40),
        Location("database/migrations/2024_01_01_000000_create.php", 12),
    )
    return Finding(
        ("QRY002", "IDX001", "MOD005")[number % 3],
        ("error", "warning", "info")[number % 3],
        ("query", "index", "model")[number % 3],
        f"The code uses `{table}.column_{number}`, a column that does not exist.",
        table=table,
        column=f"column_{number}",
        expected="a column that the migrations make",
        found="none of that name; nearest is column_01",
        locations=places,
        recommendation="Take it out, or add the column in a migration.",
    )
