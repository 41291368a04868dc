"""The tools: what a client may ask, and who answers. None of them writes anything. Their docstrings are what an agent reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from trueup.config import nearest
from trueup.errors import Mistake, TrueupError, UserError
from trueup.integrations import telling, work_told
from trueup.integrations.asking import (
    MOST,
    PAGE,
    PASTED_CHARACTERS,
    code_files,
    files_named,
    findings_asked,
    is_in,
    migration_name,
    table_names,
    text_page,
)
from trueup.integrations.held import Held
from trueup.integrations.results import (
    CheckExplained,
    Findings,
    Inventory,
    Plan,
    QueriesTold,
    Remedies,
    TableSchema,
    Tickets,
    Trial,
    Unknowns,
)
from trueup.integrations.trying import prepared_tickets, remedies_for, schema_on, tried
from trueup.model.names import Driver, Severity
from trueup.model.shapes import Grade
from trueup.redaction import redacted

Offset = Annotated[int, Field(ge=0, description="where the page begins")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="items of the page")]
Status = Literal["", "present", "missing", "renamed", "extra"]


def answer(make: Callable[[], tuple[BaseModel, str]]) -> CallToolResult:
    """The result of a tool: structured, with a short text. The user's mistakes are the tool's error, all of them."""
    try:
        told, text = make()
    except TrueupError as problem:
        raise ToolError(redacted(str(problem))) from problem
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=told.model_dump(mode="json")
    )


class Tools:
    """The tools over one project."""

    def __init__(self, held: Held) -> None:
        self.held = held

    def inventory(
        self,
        status: Annotated[Status, Field(description="only tables with this status")] = "",
        offset: Offset = 0,
        limit: Limit = PAGE,
    ) -> Annotated[CallToolResult, Inventory]:
        """The project at a glance: verdict, driver, and every table that is required or exists, with its model and its findings."""
        return answer(lambda: telling.inventory_told(self.held.audit()[0], status, offset, limit))

    def findings(
        self,
        table: Annotated[
            str, Field(description="only of this table; the required or the existing name")
        ] = "",
        file: Annotated[
            str, Field(description="only with a place in this file or folder, relative to the project")
        ] = "",
        code: Annotated[str, Field(description="only checks whose code begins with this, such as COL")] = "",
        severity: Annotated[Severity | None, Field(description="only of this severity")] = None,
        text: Annotated[str, Field(description="only with this in the message")] = "",
        offset: Offset = 0,
        limit: Limit = PAGE,
    ) -> Annotated[CallToolResult, Findings]:
        """What is wrong with the database layer, gravest first. All filters must fit."""

        def make() -> tuple[BaseModel, str]:
            audit = self.held.audit()[0]
            asked = findings_asked(audit, table, file, code, severity, text)
            return telling.findings_told(audit, asked, offset, limit)

        return answer(make)

    def unknowns(
        self,
        table: Annotated[str, Field(description="only questions about this table")] = "",
        file: Annotated[str, Field(description="only in this file or folder")] = "",
        offset: Offset = 0,
        limit: Limit = PAGE,
    ) -> Annotated[CallToolResult, Unknowns]:
        """What the audit could not tell: questions that a check could not decide, statements that could not be read."""

        def make() -> tuple[BaseModel, str]:
            audit = self.held.audit()[0]
            names = table_names(audit, table) if table else None
            path = files_named(audit, file) if file else None
            doubts = [
                d
                for d in audit.cannot_tell
                if (names is None or d.table.lower() in names) and (path is None or is_in(path, d.at.file))
            ]
            gaps = [g for g in audit.gaps if names is None and (path is None or is_in(path, g.at.file))]
            return telling.unknowns_told(doubts, gaps, offset, limit)

        return answer(make)

    def table_schema(
        self,
        table: Annotated[str, Field(description="the table's name")],
        driver: Annotated[
            Driver | None, Field(description="on this server; without it the audited one")
        ] = None,
        offset: Offset = 0,
        limit: Limit = MOST,
    ) -> Annotated[CallToolResult, TableSchema]:
        """A table as the migrations really leave it: columns, indexes, foreign keys, each with the line that made it."""

        def make() -> tuple[BaseModel, str]:
            schema = schema_on(self.held, driver)
            found = schema.table(table)
            if found is None:
                names = sorted(t.name for t in schema.tables)
                problem = f"the migrations leave no table '{table}' on {schema.driver}"
                raise UserError(Mistake("table", problem, nearest(table, names)))
            return telling.table_told(schema, found, offset, limit)

        return answer(make)

    def table_queries(
        self,
        table: Annotated[str, Field(description="the table's name")],
        grade: Annotated[
            Grade | None, Field(description="only those that the indexes serve like this")
        ] = None,
        offset: Offset = 0,
        limit: Limit = PAGE,
    ) -> Annotated[CallToolResult, QueriesTold]:
        """Every place of the code that queries a table, its conditions, the index that serves it or none, and what to change."""

        def make() -> tuple[BaseModel, str]:
            audit = self.held.audit()[0]
            return telling.queries_told(audit, table_names(audit, table), table, grade or "", offset, limit)

        return answer(make)

    def explain_check(
        self, code: Annotated[str, Field(description="a check's code, such as TBL001")]
    ) -> Annotated[CallToolResult, CheckExplained]:
        """What a check means, why it matters and how to mend it, with examples."""

        def make() -> tuple[BaseModel, str]:
            from trueup.checks.registry import catalogue, find_check

            audit = self.held.audit()[0]
            check = find_check(code)
            if check is None:
                known = [c.code for c in catalogue()]
                near = nearest(code.upper(), known)
                raise UserError(Mistake("code", f"no check has the code '{code}'", near))
            return work_told.check_told(audit, check)

        return answer(make)

    def try_migration(
        self,
        migration: Annotated[
            str,
            Field(max_length=PASTED_CHARACTERS, description="the whole PHP text of a new migration"),
        ] = "",
        name: Annotated[str, Field(description="its file name; without it, one after all others")] = "",
        code: Annotated[
            dict[str, str] | None,
            Field(description="path → whole text of models, factories or other classes to read as changed"),
        ] = None,
        drivers: Annotated[
            list[Driver] | None, Field(description="besides the audited driver, try it on these")
        ] = None,
        offset: Offset = 0,
        limit: Limit = PAGE,
    ) -> Annotated[CallToolResult, Trial]:
        """Try a remedy before it is written: the audit after a new migration, code changed with it. Says per driver whether it
        would fail, whether down() restores, which findings are gone, which are new, and which remain. Nothing is written or run."""

        def make() -> tuple[BaseModel, str]:
            audit = self.held.audit()[0]
            _refuse_nothing_and_too_much(migration, code or {})
            path = migration_name(audit, name) if migration else ""
            texts = code_files(audit, code or {})
            found = tried(self.held, path, migration, texts, tuple(drivers or ()))
            return work_told.trial_told(path, found, offset, limit)

        return answer(make)

    def remedies(
        self,
        finding: Annotated[str, Field(description="a finding's id")] = "",
        table: Annotated[str, Field(description="for all findings of this table")] = "",
        code: Annotated[str, Field(description="for all findings of checks that begin with this")] = "",
        offset: Offset = 0,
        limit: Annotated[int, Field(ge=1, le=PAGE, description="items of the page")] = 5,
    ) -> Annotated[CallToolResult, Remedies]:
        """Remedies that Trueup makes by itself for a finding, a table or a check: migrations and patches, each tried by replay."""

        def make() -> tuple[BaseModel, str]:
            audit = self.held.audit()[0]
            if not (finding or table or code):
                raise UserError(Mistake("", "say which findings are to be mended", "finding, table or code"))
            asked = findings_asked(audit, table, "", code, None, "")
            if finding:
                asked = [f for f in asked if f.id == finding]
            if finding and not asked:
                problem = f"there is no finding '{finding}' (it may be gone: ask for the findings again)"
                raise UserError(Mistake("finding", problem, nearest(finding, [f.id for f in audit.findings])))
            made = remedies_for(self.held, tuple(sorted({f.code for f in asked})))
            return work_told.remedies_told(asked, made, offset, limit)

        return answer(make)

    def plan(
        self, page: Annotated[int, Field(ge=1, description="the page, from 1")] = 1
    ) -> Annotated[CallToolResult, Plan]:
        """The task list of the audit ticket, made from what is really there. A preview: nothing is written."""

        def make() -> tuple[BaseModel, str]:
            from trueup.pipeline.ticket_run import command_for
            from trueup.pipeline.ticketing import beside, plan_body

            prepared = prepared_tickets(self.held)
            if prepared.ticket is None:
                expected = "start the server with one: trueup mcp TICKET.md"
                raise UserError(Mistake("", "the plan is that of an audit ticket", expected))
            text, pages = text_page(plan_body(prepared, command_for(prepared, "plan")), page)
            told = Plan(path=beside(prepared, "plan"), page=page, pages=pages, text=text)
            return told, f"Page {page} of {pages} of {told.path}. Nothing was written."

        return answer(make)

    def tickets(
        self,
        number: Annotated[
            int | None, Field(description="only the ticket of this number, with its text")
        ] = None,
        table: Annotated[str, Field(description="only tickets about this table")] = "",
        page: Annotated[int, Field(ge=1, description="the page of the ticket's text, from 1")] = 1,
        remedies: Annotated[
            bool,
            Field(description="with remedies tried and attached, as `trueup tickets` has them; takes longer"),
        ] = False,
        offset: Offset = 0,
        limit: Limit = PAGE,
    ) -> Annotated[CallToolResult, Tickets]:
        """The tickets that follow from the findings, in four phases, with what comes before each. A preview: nothing is written."""

        def make() -> tuple[BaseModel, str]:
            prepared = prepared_tickets(self.held, remedies)
            drafts = prepared.drafts.drafts
            names = table_names(prepared.audit, table) if table else None
            chosen = [
                d
                for d in drafts
                if number in (None, d.number)
                and (names is None or names & {t.lower() for t in d.work.tables})
            ]
            if number is not None and not chosen:
                known = [str(d.number) for d in drafts]
                near = nearest(str(number), known) if known else "no ticket follows from the audit"
                raise UserError(Mistake("number", f"there is no ticket {number}", near))
            text = text_page(chosen[0].text, page)[0] if number is not None else ""
            return work_told.tickets_told(prepared, chosen, text, offset, limit)

        return answer(make)

    def all(self) -> Sequence[Callable[..., CallToolResult]]:
        """Every tool."""
        return (
            self.inventory,
            self.findings,
            self.unknowns,
            self.table_schema,
            self.table_queries,
            self.explain_check,
            self.try_migration,
            self.remedies,
            self.plan,
            self.tickets,
        )


def _refuse_nothing_and_too_much(migration: str, code: dict[str, str]) -> None:
    if not (migration or code):
        raise UserError(
            Mistake("migration", "there is nothing to try", "the PHP text of a migration, or code")
        )
    pasted = len(migration) + sum(map(len, code.values()))
    if pasted > PASTED_CHARACTERS:
        raise UserError(
            Mistake("code", f"{pasted:,} characters are pasted", f"at most {PASTED_CHARACTERS:,}")
        )
