"""An audit and a schema with one of everything in them, hostile text included."""

from __future__ import annotations

from trueup.model.audit import Audit, Crash, CriterionAnswer, Facts, InventoryRow, MigrationFile
from trueup.model.eloquent import Attribute, Cast, Eloquent, Factory, Model, TestFile
from trueup.model.findings import CannotTell, Finding
from trueup.model.locations import Gap, Location
from trueup.model.pairing import Candidate, ColumnPair, Comparison, TablePair
from trueup.model.project import MigrationFolder, Project
from trueup.model.schema import Check, Column, Failure, ForeignKey, Index, Note, Schema, Table
from trueup.model.spec import (
    RequiredColumn,
    RequiredForeignKey,
    RequiredIndex,
    RequiredTable,
    SpecConflict,
    SpecDefect,
    SpecDocument,
    Specification,
    TableMention,
)
from trueup.model.ticket import Ticket, TicketLink
from trueup.structs import replace

SPEC = "docs/SPEC.md"
FIRST = "database/migrations/2024_01_01_000000_first.php"
SECOND = "database/migrations/2024_02_01_000000_second.php"
TICKET = "docs/tickets/7-audit.md"

HOSTILE = 'a|b`c *d* <script>x</script> [e](http://x) \x1b[31mred\x1b[0m \u202e$HOME & "q"'
"""Text that would break a table, draw on a terminal, or become markup."""

COSTS = Table(
    "usage_costs",
    columns=(
        Column("id", "bigint unsigned", auto_increment=True, at=Location(FIRST, 12)),
        Column("amount", "decimal(8,2)", default="0.00", at=Location(FIRST, 13)),
        Column("note", "varchar(255)", nullable=True, comment="it's a note", at=Location(FIRST, 14)),
        Column(
            "state", "enum('open','paid')", default="'open'", values=("open", "paid"), at=Location(FIRST, 15)
        ),
        Column(
            "updated_at", "timestamp", nullable=True, on_update="CURRENT_TIMESTAMP", at=Location(FIRST, 16)
        ),
        Column(
            "total",
            "decimal(10,2)",
            nullable=True,
            generated="`amount` * 2",
            stored=True,
            at=Location(FIRST, 17),
        ),
        Column("user_id", "bigint unsigned", at=Location(FIRST, 18)),
    ),
    indexes=(
        Index("primary", ("id",), unique=True, primary=True, at=Location(FIRST, 12)),
        Index("usage_costs_note_unique", ("note",), unique=True, at=Location(FIRST, 14)),
        Index("usage_costs_user_id_state_index", ("user_id", "state"), at=Location(FIRST, 19)),
    ),
    foreign_keys=(
        ForeignKey(
            "usage_costs_user_id_foreign", ("user_id",), "users", ("id",), "cascade", at=Location(FIRST, 18)
        ),
    ),
    checks=(Check("positive", "`amount` >= 0", ("amount",), at=Location(SECOND, 5)),),
    at=Location(FIRST, 11),
    comment="what calls cost",
)

USERS = Table(
    "users",
    columns=(Column("id", "bigint unsigned", auto_increment=True, at=Location(FIRST, 6)),),
    indexes=(Index("primary", ("id",), unique=True, primary=True, at=Location(FIRST, 6)),),
    at=Location(FIRST, 5),
)

SCHEMA = Schema(
    "mysql",
    tables=(COSTS, USERS),
    notes=(Note("view", "monthly", Location(SECOND, 30)),),
    failures=(
        Failure(
            "2024_03_01_000000_third",
            Location("database/migrations/2024_03_01_000000_third.php", 9),
            "Identifier name is too long",
        ),
    ),
    gaps=(
        Gap(
            Location(SECOND, 40),
            "the table's name comes from a request",
            "dynamic-name",
            "Schema::create($request->name)",
        ),
    ),
    framework="laravel 12.25.0",
)

REQUIRED = RequiredTable(
    "cost_records",
    "sql",
    columns=(
        RequiredColumn("id", "BIGINT UNSIGNED", nullable=False, auto_increment=True, at=Location(SPEC, 10)),
        RequiredColumn("cost", "DECIMAL(10,6)", nullable=False, at=Location(SPEC, 11)),
        RequiredColumn("note", "VARCHAR(255)", nullable=True, at=Location(SPEC, 12)),
        RequiredColumn("currency", "CHAR(3)", nullable=False, at=Location(SPEC, 13)),
        RequiredColumn("user_id", "BIGINT UNSIGNED", at=Location(SPEC, 14)),
    ),
    indexes=(
        RequiredIndex(("id",), primary=True, at=Location(SPEC, 15)),
        RequiredIndex(("user_id",), "idx_user", at=Location(SPEC, 16)),
        RequiredIndex(("currency",), at=Location(SPEC, 17)),
    ),
    foreign_keys=(
        RequiredForeignKey(("user_id",), "users", ("id",), "cascade", at=Location(SPEC, 18)),
        RequiredForeignKey(("currency",), "currencies", ("code",), at=Location(SPEC, 19)),
    ),
    at=Location(SPEC, 9),
    dialect="mysql",
)

MISSING = RequiredTable(
    "alerts",
    "prose",
    (RequiredColumn("level", at=Location(SPEC, 30)),),
    at=Location(SPEC, 29),
    complete=False,
)

PAIRS = (
    TablePair(MISSING, "missing", candidates=(Candidate("users", 0.21, ("1 of 2 columns",)),)),
    TablePair(
        REQUIRED,
        "renamed",
        COSTS,
        0.83,
        candidates=(
            Candidate("usage_costs", 0.83, ("4 of 5 columns", "used by a model")),
            Candidate("users", 0.2),
        ),
        columns=(
            ColumnPair(REQUIRED.columns[0], COSTS.columns[0]),
            ColumnPair(REQUIRED.columns[1], COSTS.columns[1], 0.7, ("same place", "same type")),
            ColumnPair(REQUIRED.columns[2], COSTS.columns[2]),
            ColumnPair(REQUIRED.columns[3], None, 0.0),
            ColumnPair(REQUIRED.columns[4], COSTS.columns[6]),
        ),
        extra_columns=COSTS.columns[3:6],
    ),
)

SPECIFICATION = Specification(
    documents=(SpecDocument(SPEC, "named by the ticket as target", target=True, title="Spec"),),
    required=(MISSING, REQUIRED),
    definitions=(MISSING, REQUIRED),
    mentions=(TableMention("budgets", Location(SPEC, 50), "budgets are kept"),),
    conflicts=(
        SpecConflict(
            "cost_records",
            REQUIRED,
            replace(REQUIRED, at=Location(SPEC, 70)),
            ("cost: DECIMAL(10,6) or FLOAT",),
        ),
    ),
    defects=(
        SpecDefect(
            "json-default", Location(SPEC, 20), "a literal default on a JSON column", "cost_records", "meta"
        ),
    ),
    precedence="The target document goes before others.",
)

MODEL = Model(
    "App\\Models\\UsageCost",
    Location("app/Models/UsageCost.php", 8),
    "usage_costs",
    fillable=(Attribute("amount"),),
    casts=(Cast("amount", "decimal:2"),),
    factory="Database\\Factories\\UsageCostFactory",
)

ELOQUENT = Eloquent(
    (MODEL,),
    (
        Factory(
            "Database\\Factories\\UsageCostFactory",
            Location("database/factories/UsageCostFactory.php", 7),
            MODEL.name,
        ),
    ),
    (TestFile("tests/CostTest.php", ("usage_costs",)),),
)

FINDINGS = (
    Finding(
        "TBL001",
        "error",
        "table",
        "The required table `alerts` does not exist.",
        table="alerts",
        expected="a table",
        locations=(Location(SPEC, 29),),
        recommendation="Make it.",
        effort="M",
    ),
    Finding(
        "TYP001",
        "error",
        "type",
        "usage_costs.amount keeps 2 digits after the point, 6 are required.",
        table="usage_costs",
        column="amount",
        expected="DECIMAL(10,6)",
        found="decimal(8,2)",
        locations=(Location(FIRST, 13), Location(SPEC, 11)),
        recommendation="Widen it with `$table->decimal('amount', 10, 6)->change()`.",
    ),
    Finding(
        "MOD002", "warning", "model", f"A hostile message: {HOSTILE}", model=MODEL.name, locations=(MODEL.at,)
    ),
    Finding("TBL003", "info", "table", "No document requires `users`.", table="users", locations=(USERS.at,)),
)

PROJECT = Project(
    root="/somewhere",
    name="acme/shop",
    kind="app",
    framework="laravel",
    framework_version="12.25.0",
    framework_from="composer.lock",
    migration_folders=(MigrationFolder("database/migrations", "default"),),
    files=(),
)

AUDIT = Audit(
    facts=Facts(
        PROJECT,
        SCHEMA,
        SPECIFICATION,
        Comparison(PAIRS, (USERS,), 0.45),
        ELOQUENT,
        (
            MigrationFile(FIRST, "2024_01_01_000000_first", creates=("users", "usage_costs")),
            MigrationFile(SECOND, "2024_02_01_000000_second", changes=("usage_costs",)),
            MigrationFile("database/migrations/2024_03_01_000000_third.php", "2024_03_01_000000_third"),
        ),
        Ticket(
            TICKET,
            "Audit/7",
            "Audit the *schema*",
            links=(
                TicketLink(
                    "docs/OLD.md",
                    "docs/OLD.md",
                    "Related",
                    Location(TICKET, 9),
                    exists=False,
                    nearest="docs/SPEC.md",
                ),
                TicketLink(
                    "docs/NEW.md", "docs/NEW.md", "Related", Location(TICKET, 10), exists=False, planned=True
                ),
            ),
        ),
    ),
    driver="mysql",
    driver_why="config/database.php:17: the default connection is env('DB_CONNECTION', 'mysql')",
    findings=FINDINGS,
    cannot_tell=(
        CannotTell(
            "IDX003", "usage_costs.state", "its type could not be read", Location(FIRST, 15), "usage_costs"
        ),
    ),
    gaps=SCHEMA.gaps,
    crashes=(Crash("IDX009", "ValueError: what (idx.py:3)"),),
    inventory=(
        InventoryRow(
            "alerts", "missing", (Location(SPEC, 29),), candidates=(("users", 0.21),), columns_required=1
        ),
        InventoryRow(
            "cost_records",
            "renamed",
            (Location(SPEC, 9), Location(SPEC, 70)),
            "usage_costs",
            0.83,
            (("usage_costs", 0.83), ("users", 0.2)),
            MODEL.name,
            "Database\\Factories\\UsageCostFactory",
            ("tests/CostTest.php",),
            COSTS.at,
            5,
            4,
        ),
        InventoryRow("users", "extra", matched="users", migration=USERS.at),
    ),
    criteria=(
        CriterionAnswer(
            "Complete inventory", Location(TICKET, 20), "answered", "2 required tables, 1 missing"
        ),
        CriterionAnswer("Create tickets", Location(TICKET, 21), "not answered", "`trueup audit` only reads"),
    ),
    inputs=(("migrations", 3), ("models", 1), ("query_sites", 4), ("tests", 1)),
)
