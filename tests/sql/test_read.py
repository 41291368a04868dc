"""SQL text → statements: whole answers, places, refusals in each server's words."""

from __future__ import annotations

import pytest

from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.sources.sql import ddl
from trueup.sources.sql.ddl import ColumnDef, ForeignKeyDef, IndexDef, KeyPart, Statement
from trueup.sources.sql.read import read_sql, split_statements

AT = Location("file.sql", 10)


def line(number: int) -> Location:
    return Location("file.sql", number)


def test_a_whole_mysql_table() -> None:
    text = """CREATE TABLE `ai_costs` (
      `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the; key',
      total_cost DECIMAL(10, 6) NOT NULL DEFAULT '0',
      meta JSON DEFAULT (json_array()),
      kind ENUM('a','it''s') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
      at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
      -- a comment, with a comma
      KEY idx_at (at DESC, kind(10)),
      UNIQUE KEY (total_cost),
      CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='costs';"""
    columns = (
        ColumnDef(
            "id", "BIGINT UNSIGNED", False, auto_increment=True, primary=True, comment="the; key", at=line(11)
        ),
        ColumnDef("total_cost", "DECIMAL(10, 6)", False, "'0'", at=line(12)),
        ColumnDef("meta", "JSON", None, "(json_array())", at=line(13)),
        ColumnDef("kind", "ENUM('a','it''s')", charset="utf8mb4", collation="utf8mb4_bin", at=line(14)),
        ColumnDef("at", "TIMESTAMP", False, "CURRENT_TIMESTAMP", on_update="CURRENT_TIMESTAMP", at=line(15)),
    )
    indexes = (
        IndexDef(
            "index", (KeyPart("at", descending=True), KeyPart("kind", length=10)), "idx_at", at=line(17)
        ),
        IndexDef("unique", (KeyPart("total_cost"),), constraint=True, at=line(18)),
    )
    key = ForeignKeyDef(("user_id",), "users", ("id",), "fk", "set null", at=line(19))
    assert read_sql(text, "mysql", AT) == (
        ddl.CreateTable(
            "ai_costs", columns, indexes, (key,), engine="InnoDB", charset="utf8mb4", comment="costs", at=AT
        ),
    )


def test_a_whole_pgsql_table() -> None:
    text = """CREATE TABLE IF NOT EXISTS public."Costs" (
      id bigserial PRIMARY KEY,
      name character varying(255) DEFAULT 'USD'::character varying NOT NULL,
      at timestamp(0) with time zone DEFAULT now(),
      tags text[] NOT NULL,
      n integer GENERATED ALWAYS AS IDENTITY,
      kind varchar(9) CONSTRAINT kinds CHECK (kind IN ('a', 'b')),
      owner uuid CONSTRAINT own REFERENCES users ON DELETE CASCADE,
      CONSTRAINT u UNIQUE NULLS NOT DISTINCT (name, at)
    )"""
    columns = (
        ColumnDef("id", "bigserial", primary=True, at=line(11)),
        ColumnDef("name", "character varying(255)", False, "'USD'::character varying", at=line(12)),
        ColumnDef("at", "timestamp(0) with time zone", None, "now()", at=line(13)),
        ColumnDef("tags", "text[]", False, at=line(14)),
        ColumnDef("n", "integer", identity="always", at=line(15)),
        ColumnDef("kind", "varchar(9)", check="kind IN ('a', 'b')", check_name="kinds", at=line(16)),
        ColumnDef(
            "owner",
            "uuid",
            references=ForeignKeyDef((), "users", (), "own", "cascade", at=line(17)),
            at=line(17),
        ),
    )
    unique = IndexDef(
        "unique", (KeyPart("name"), KeyPart("at")), "u", constraint=True, nulls_not_distinct=True, at=line(18)
    )
    assert read_sql(text, "pgsql", AT) == (
        ddl.CreateTable("Costs", columns, (unique,), if_not_exists=True, at=AT),
    )


def test_a_whole_sqlite_table() -> None:
    text = """create table "costs" ("id" integer primary key autoincrement not null,
      "kind" varchar check ("kind" in ('a', 'b')) not null default 'a', x,
      foreign key("user_id") references "users"("id") on delete cascade) without rowid"""
    columns = (
        ColumnDef("id", "integer", False, auto_increment=True, primary=True, at=AT),
        ColumnDef("kind", "varchar", False, "'a'", check="\"kind\" in ('a', 'b')", at=line(11)),
        ColumnDef("x", "", at=line(11)),
    )
    key = ForeignKeyDef(("user_id",), "users", ("id",), on_delete="cascade", at=line(12))
    assert read_sql(text, "sqlite", AT) == (
        ddl.CreateTable("costs", columns, (), (key,), at=AT, options=("without rowid",)),
    )


def alter(table: str, *actions: ddl.Action) -> ddl.AlterTable:
    return ddl.AlterTable(table, actions)


STATEMENTS: list[tuple[Driver, str, tuple[Statement, ...]]] = [
    ("mysql", "ALTER TABLE t ADD a int AFTER b, DROP COLUMN c, CHANGE d e text NULL FIRST, RENAME INDEX i TO j", (alter(
        "t", ddl.AddColumn(ColumnDef("a", "int"), "b"), ddl.DropColumn("c"),
        ddl.ModifyColumn("d", ColumnDef("e", "text", True), None, True), ddl.RenameIndex("i", "j")),)),
    ("mysql", "alter table t modify a enum('x','y') not null default 'x'", (alter(
        "t", ddl.ModifyColumn("a", ColumnDef("a", "enum('x','y')", False, "'x'"))),)),
    ("mysql", "alter table t add a enum(\n'x', -- first\n'y # z' /* last */\n)", (alter(
        "t", ddl.AddColumn(ColumnDef("a", "enum('x', 'y # z')"))),)),
    ("mysql", "ALTER TABLE t DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP INDEX i, ENGINE=MyISAM", (alter(
        "t", ddl.DropIndex("PRIMARY"), ddl.DropForeignKey("f"), ddl.DropIndex("i"), ddl.TableOption("engine", "MyISAM")),)),
    ("mysql", "RENAME TABLE a TO b, c TO d", (ddl.RenameTable("a", "b"), ddl.RenameTable("c", "d"))),
    ("mysql", "DROP INDEX i ON t", (ddl.DropIndexStatement("i", "t"),)),
    ("mysql", "SET FOREIGN_KEY_CHECKS=0, NAMES=utf8", (
        ddl.Session("foreign_key_checks", "0"), ddl.Session("names", "utf8"))),
    ("mysql", "/*!40101 SET SQL_MODE='' */; /*!80000 SET x=1 */; -- c\n# c", (ddl.Session("sql_mode", ""),)),
    ("pgsql", "ALTER TABLE ONLY t ALTER COLUMN a TYPE integer USING a::integer, ALTER a DROP NOT NULL", (alter(
        "t", ddl.AlterColumn("a", "type", "integer", "a::integer"), ddl.AlterColumn("a", "drop not null")),)),
    ("pgsql", "ALTER TABLE Users RENAME TO People", (ddl.RenameTable("users", "people"),)),
    ("pgsql", 'CREATE UNIQUE INDEX CONCURRENTLY i ON public.t USING gin (lower("N") x_ops, (a||b)) WHERE d IS NULL', (
        ddl.CreateIndex("t", IndexDef(
            "unique", (KeyPart(expression='lower("N")', operator_class="x_ops"), KeyPart(expression="a||b")), "i", "gin",
            "d IS NULL", concurrently=True)),)),
    ("pgsql", "COMMENT ON COLUMN public.t.c IS 'it''s'", (ddl.CommentOn("t", "c", "it's"),)),
    ("pgsql", "CREATE TYPE mood AS ENUM ('a', 'b'); ALTER TYPE mood ADD VALUE 'c'; DROP TYPE IF EXISTS mood", (
        ddl.CreateType("mood", ("a", "b")), ddl.AddTypeValue("mood", "c"), ddl.DropType("mood", True))),
    ("pgsql", "DROP TABLE IF EXISTS a, b CASCADE", (ddl.DropTable("a", True, True), ddl.DropTable("b", True, True))),
    ("pgsql", "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX i", (alter(
        "t", ddl.AddIndex(IndexDef("primary", (), "p", constraint=True, using_index="i"))),)),
    ("sqlite", "PRAGMA foreign_keys = OFF", (ddl.Session("foreign_keys", "OFF"),)),
    ("sqlite", "create temporary table __temp__t as select a, b from t", (
        ddl.CreateTable("__temp__t", temporary=True, as_select="select a, b from t", select_from="t", select_columns=("a", "b")),)),
    ("mysql", "INSERT INTO t (a, b) VALUES (?, ?)", (
        ddl.DataStatement("insert", ("t",), (("t", "a"), ("t", "b")), "INSERT INTO t (a, b) VALUES (?, ?)"),)),
    ("mysql", "SELECT * FROM t WHERE a = ? FOR UPDATE", (
        ddl.DataStatement("select", ("t",), (("t", "a"),), "SELECT * FROM t WHERE a = ? FOR UPDATE"),)),
]  # fmt: skip


@pytest.mark.parametrize(("driver", "text", "expected"), STATEMENTS, ids=lambda v: str(v)[:50])
def test_statement(driver: Driver, text: str, expected: tuple[Statement, ...]) -> None:
    assert tuple(_placeless(s) for s in read_sql(text, driver)) == expected


def _placeless(statement: Statement) -> Statement:
    assert statement.at == NOWHERE
    return statement


REFUSALS: list[tuple[Driver, str | None, str, str, str]] = [
    ("pgsql", None, "ALTER TABLE t MODIFY COLUMN a int", "42601", 'syntax error at or near "MODIFY"'),
    ("sqlite", None, "ALTER TABLE t CHANGE a b int", "HY000", 'near "CHANGE": syntax error'),
    ("sqlite", None, "ALTER TABLE t DROP PRIMARY KEY", "HY000", 'near "PRIMARY": syntax error'),
    ("sqlite", "3.40.1", "ALTER TABLE t ALTER COLUMN a SET NOT NULL", "HY000", 'near "ALTER": syntax error'),
    ("sqlite", None, "select * from information_schema.tables", "HY000", "no such table: information_schema.tables"),
    ("pgsql", None, "select `a` from t", "42601", 'syntax error at or near "`"'),
    ("pgsql", None, "CREATE TABLE t (a int AUTO_INCREMENT)", "42601", 'syntax error at or near "AUTO_INCREMENT"'),
    ("pgsql", None, "select json_extract(a, '$.b') from t", "42883", "function json_extract does not exist"),
    ("sqlite", None, "create table t (a int unsigned auto_increment)", "HY000", 'near "auto_increment": syntax error'),
    ("mysql", "8.0.36", "CREATE INDEX IF NOT EXISTS i ON t (a)", "1064",
     "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax "
     "to use near 'IF NOT EXISTS i ON t (a)' at line 1"),
    ("mysql", None, "CREATE INDEX i ON t ((lower(a)))", "1064",
     "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax "
     "to use near '(lower(a)))' at line 1"),
    ("mysql", None, 'CREATE TABLE "t" (a int)', "1064",
     "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax "
     "to use near '\"t\" (a int)' at line 1"),
    ("mysql", None, "CREATE TABLE t (a jsonb)", "4161", "Unknown data type: 'jsonb'"),
]  # fmt: skip


@pytest.mark.parametrize(("driver", "version", "text", "code", "reason"), REFUSALS, ids=lambda v: str(v)[:50])
def test_refusal(driver: Driver, version: str | None, text: str, code: str, reason: str) -> None:
    assert read_sql(text, driver, AT, server_version=version) == (ddl.Refusal(reason, code, AT),)


def test_mysql_8_indexes_expressions() -> None:
    statements = read_sql("CREATE INDEX i ON t ((lower(a)), b)", "mysql", server_version="8.0.36")
    assert statements == (
        ddl.CreateIndex("t", IndexDef("index", (KeyPart(expression="lower(a)"), KeyPart("b")), "i")),
    )


def test_lenient_reading_keeps_the_table_and_tells_what_is_wrong() -> None:
    text = """CREATE TABLE t (
      id SERIAL,
      meta JSONB,
      ?? broken,
      INDEX i (meta),
    )"""
    table, *complaints = read_sql(text, "mysql", AT, lenient=True)
    assert table == ddl.CreateTable(
        "t",
        (ColumnDef("id", "SERIAL", at=line(11)), ColumnDef("meta", "JSONB", at=line(12))),
        (IndexDef("index", (KeyPart("meta"),), "i", at=line(14)),),
        at=AT,
    )
    assert [(type(c).__name__, c.at.line) for c in complaints] == [
        ("Refusal", 12),
        ("NotUnderstood", 13),
        ("Refusal", 15),
    ]


def test_bodies_and_delimiters_do_not_split_statements() -> None:
    text = """DELIMITER ;;
CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = CASE WHEN 1 THEN 2 END; END;;
DELIMITER ;
DROP TABLE t; CREATE TABLE u (a varchar(9) DEFAULT ';')"""
    assert [(type(s).__name__, s.at.line) for s in read_sql(text, "mysql", AT)] == [
        ("Noted", 11), ("DropTable", 13), ("CreateTable", 13)
    ]  # fmt: skip


def test_postgresql_functions_and_copied_data_are_passed_over() -> None:
    text = """\\connect x
CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN RETURN NEW; END; $body$ LANGUAGE plpgsql;
COPY public.t (id) FROM stdin;
1\t'; DROP TABLE t;
\\.

CREATE INDEX i ON t (id);"""
    assert [(type(s).__name__, s.at.line) for s in read_sql(text, "pgsql", AT)] == [
        ("Noted", 11), ("Session", 12), ("CreateIndex", 16)
    ]  # fmt: skip


def test_texts_of_statements() -> None:
    assert split_statements("select 1; ;\n select ';' -- x\n", "mysql") == ("select 1", "select ';'")
