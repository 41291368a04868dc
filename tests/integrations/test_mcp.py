"""`trueup mcp`, asked by the SDK's own client: an agent's round trip, every tool, its errors, and what it refuses."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import cast

import pytest
from mcp import Client

from tests.cli.shop import SHOP, shop, state_of, trueup
from tests.integrations.serving import Told, ask, http_server, refused, resource, with_client

WIDEN = """<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('orders', function (Blueprint $table) {
            $table->decimal('total', 10, 4)->change();
        });
    }

    public function down(): void
    {
        Schema::table('orders', function (Blueprint $table) {
            $table->decimal('total', 8, 2)->change();
        });
    }
};
"""
FAILING = WIDEN.replace("decimal('total', 10, 4)->change()", "index('totals')")


TOOLS = [
    "inventory",
    "findings",
    "unknowns",
    "table_schema",
    "table_queries",
    "explain_check",
    "try_migration",
    "remedies",
    "plan",
    "tickets",
]


def rows(told: Told, key: str) -> list[Told]:
    found = told[key]
    assert isinstance(found, list)
    return cast(list[Told], found)


def codes(told: Told, key: str) -> list[tuple[object, object]]:
    return [(row["code"], row["message"]) for row in rows(told, key)]


def ids(told: Told, key: str) -> list[object]:
    return [row["id"] for row in rows(told, key)]


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_an_agents_round_trip(transport: str, tmp_path: Path) -> None:
    """Ask for findings, propose a migration, try it, read what remains; write it, and the audit follows."""
    root = shop(tmp_path)
    before = state_of(root)
    written = root / "database" / "migrations" / "2024_02_01_000000_widen_total.php"

    async def talk(client: Client) -> None:
        asked = await ask(client, "findings", table="orders", code="TYP")
        assert codes(asked, "findings") == [
            (
                "TYP001",
                "`orders.total` is decimal(8,2) where DECIMAL(10,4) is required: it keeps 2 digits after the point "
                "instead of 4.",
            )
        ]
        trial = await ask(client, "try_migration", migration=WIDEN, name=written.name, drivers=["pgsql"])
        assert trial["migration"] == f"database/migrations/{written.name}"
        assert [(d["driver"], d["would_fail"], d["down_problem"]) for d in rows(trial, "drivers")] == [
            ("mysql", False, ""),
            ("pgsql", False, ""),
        ]
        for one in rows(trial, "drivers"):
            assert ids(one, "gone") == ids(asked, "findings")
            assert [code for code, _ in codes(one, "new")] == ["MIG011"]
        assert rows(trial, "drivers")[0]["changes"] == [
            f"orders: ~ column total: type decimal(8,2) → decimal(10,4)  ({trial['migration']}:12)"
        ]
        assert [code for code, _ in codes(trial, "remaining")] == REMAINING
        assert trial["total"] == len(REMAINING)
        assert state_of(root) == before  # nothing was written
        written.write_text(WIDEN)
        after = await ask(client, "findings")
        assert ids(after, "findings") == ids(trial, "remaining")

    with_client(transport, root, talk)


REMAINING = ["MOD011", "MIG011", "MOD002", "MOD003", "MOD014"]


def test_what_fails_is_told_per_driver(tmp_path: Path) -> None:
    async def talk(client: Client) -> Told:
        return await ask(client, "try_migration", migration=FAILING, drivers=["sqlite", "pgsql"])

    told = rows(with_client("stdio", shop(tmp_path), talk), "drivers")
    assert [(d["driver"], [f["reason"] for f in rows(d, "failures")]) for d in told] == [
        ("mysql", ["Key column 'totals' doesn't exist in table"]),
        ("sqlite", []),  # which takes "totals" for a text
        ("pgsql", ['column "totals" does not exist']),
    ]
    assert told[1]["down_problem"] == "orders: the index orders_totals_index stays"


def test_what_is_not_understood_makes_no_finding_go(tmp_path: Path) -> None:
    """A table whose name cannot be read may be the missing one: the finding stays, and the doubt is told."""
    text = WIDEN.replace("Schema::table('orders',", "Schema::create(file_get_contents('x'),").replace(
        "$table->decimal('total', 10, 4)->change()", "$table->id()"
    )
    root = shop(
        tmp_path, {"docs/SPEC.md": "# S\n\n```sql\nCREATE TABLE refunds (id BIGINT PRIMARY KEY);\n```\n"}
    )

    async def talk(client: Client) -> Told:
        return await ask(client, "try_migration", migration=text)

    trial = with_client("stdio", root, talk)
    (on_mysql,) = rows(trial, "drivers")
    assert on_mysql["gone"] == []
    assert "TBL001" in [row["code"] for row in rows(on_mysql, "cannot_tell_now")]
    assert len(rows(on_mysql, "not_understood")) == 1
    assert "TBL001" in [code for code, _ in codes(trial, "remaining")]


def test_code_is_read_as_changed(tmp_path: Path) -> None:
    model = SHOP["app/Models/Order.php"].replace("{\n}", "{\n    protected $fillable = ['nix'];\n}")

    async def talk(client: Client) -> Told:
        return await ask(client, "try_migration", code={"app/Models/Order.php": model})

    (on_mysql,) = rows(with_client("stdio", shop(tmp_path), talk), "drivers")
    assert codes(on_mysql, "new") == [
        ("MOD005", "`$fillable` of `Order` names `nix`, which `orders` does not have.")
    ]


MISTAKES: tuple[tuple[str, Told, str], ...] = (
    (
        "findings",
        {"table": "ordrs", "code": "XYZ"},
        "code: no check has the code 'XYZ'\ntable: there is no table 'ordrs' (did you mean 'orders'? known: notes, orders)",
    ),
    (
        "findings",
        {"file": "docs/SPEK.md"},
        "file: the audit has read no file or folder 'docs/SPEK.md' (did you mean 'docs/SPEC.md'? known: "
        "app/Models/Order.php, config/database.php, database/migrations/2024_01_01_000001_create_orders_table.php, "
        "database/migrations/2024_01_02_000001_create_notes_table.php, docs/SPEC.md, docs/tickets/7-audit.md)",
    ),
    (
        "table_schema",
        {"table": "order"},
        "table: the migrations leave no table 'order' on mysql (did you mean 'orders'? known: notes, orders)",
    ),
    ("explain_check", {"code": "TYP1"}, "code: no check has the code 'TYP1' (did you mean 'TYP001'?)"),
    (
        "try_migration",
        {"migration": "<?php echo 1;"},
        "migration: the text is no migration: no migration class was found in this file "
        "(database/migrations/2024_01_03_090100_proposed.php)",
    ),
    ("try_migration", {}, "migration: there is nothing to try (the PHP text of a migration, or code)"),
    (
        "try_migration",
        {"migration": WIDEN, "name": "2024_01_01_000001_create_orders_table"},
        "name: the migration '2024_01_01_000001_create_orders_table' is there already (a new migration is tried)",
    ),
    (
        "try_migration",
        {"code": {"../x.php": "", "/etc/x.php": "", "a.txt": "", "config/database.php": ""}},
        "code: '../x.php' is no path inside the project (app/Models/User.php)\n"
        "code: '/etc/x.php' is no path inside the project (app/Models/User.php)\n"
        "code: 'a.txt' is no PHP file (models, factories and other classes)\n"
        "code: 'config/database.php' is no class: it is read once, at the start (a new migration is given as `migration`)",
    ),
    ("remedies", {}, "say which findings are to be mended (finding, table or code)"),
    ("plan", {}, "the plan is that of an audit ticket (start the server with one: trueup mcp TICKET.md)"),
    ("tickets", {"table": "nix"}, "table: there is no table 'nix' (known: notes, orders)"),
)


def test_mistakes_are_the_tools_errors(tmp_path: Path) -> None:
    """One server for all of them; it is alive afterwards."""

    async def talk(client: Client) -> list[str]:
        told = [await refused(client, tool, **arguments) for tool, arguments, _ in MISTAKES]
        for tool, arguments in (("findings", {"limit": 101}), ("findings", {"severity": "grave"})):
            assert (await client.call_tool(tool, arguments)).is_error
        assert (await ask(client, "inventory"))["total"] == 2
        return told

    assert with_client("stdio", shop(tmp_path), talk) == [expected for _, _, expected in MISTAKES]


def test_a_mistake_in_the_configuration_is_told_until_it_is_mended(tmp_path: Path) -> None:
    root = shop(tmp_path)

    async def talk(client: Client) -> str:
        assert (await ask(client, "findings", severity="error"))["total"] == 1
        (root / "trueup.toml").write_text('driver = "mysq"\n')
        told = await refused(client, "findings")
        (root / "trueup.toml").write_text('ignore = ["TYP"]\n')
        assert (await ask(client, "findings", severity="error"))["total"] == 0
        return told

    assert with_client("stdio", root, talk) == (
        "trueup.toml:1: there is no 'mysq' (did you mean 'mysql'? known: mysql, mariadb, pgsql, sqlite)"
    )


def test_pages_and_resources(tmp_path: Path) -> None:
    root = shop(tmp_path)

    async def talk(client: Client) -> None:
        whole = await ask(client, "findings")
        paged: list[object] = []
        offset: object = 0
        while offset is not None:
            page = await ask(client, "findings", offset=offset, limit=4)
            assert page["total"] == 6
            paged.extend(ids(page, "findings"))
            offset = page["next_offset"]
        assert paged == ids(whole, "findings")
        assert (
            await resource(client, "trueup://report")
            == trueup("audit", "docs/tickets/7-audit.md", "--format", "markdown", cwd=root).out
        )
        schema = trueup("schema", "--format", "json", cwd=root).out
        assert await resource(client, "trueup://schema") == schema
        one = json.loads(await resource(client, "trueup://schema/orders"))
        assert one["tables"] == [t for t in json.loads(schema)["tables"] if t["name"] == "orders"]
        plan = await ask(client, "plan")
        assert plan["path"] == "docs/tickets/7-audit.plan.md"
        assert (plan["page"], plan["pages"]) == (1, 1)
        assert str(plan["text"]).startswith("# ")

    with_client("stdio", root / "docs/tickets/7-audit.md", talk)


def test_tickets_have_their_remedies_where_that_is_asked_for(tmp_path: Path) -> None:
    root = shop(tmp_path)

    async def talk(client: Client) -> None:
        tickets = await ask(client, "tickets", table="orders", remedies=True)
        number = rows(tickets, "tickets")[0]["number"]
        tried = await ask(client, "tickets", number=number, remedies=True)
        assert "**Remedy `" in str(tried["text"])
        assert "(MySQL: up and down, 1 gone, none new)" in str(tried["text"])
        bare = await ask(client, "tickets", number=number)
        assert "**Remedy `" not in str(bare["text"])

    with_client("stdio", root, talk)


def test_http_answers_nobody_but_this_machine(tmp_path: Path) -> None:
    """A page in a browser that reached the port by another name, or from another origin, is refused."""

    def status(url: str, **headers: str) -> int:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
        sent = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            **headers,
        }
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, sent), timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as problem:
            return problem.code

    with http_server(str(shop(tmp_path))) as url:
        assert url.startswith("http://127.0.0.1:")
        own = url.removesuffix("/mcp")
        assert status(url, Host="evil.example") == 421
        assert status(url, Origin="http://evil.example") == 403
        assert status(url, Origin="null") == 403
        assert status(url, Origin=own) not in (403, 421)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "0.0.0.0:8000",
            "'0.0.0.0' is not this machine's own address (a port; only 127.0.0.1 and ::1 are served)",
        ),
        (
            "example.org:80",
            "'example.org' is not this machine's own address (a port; only 127.0.0.1 and ::1 are served)",
        ),
        ("http", "'http' is no port (0 to 65535)"),
        ("70000", "'70000' is no port (0 to 65535)"),
    ],
)
def test_other_addresses_are_refused(address: str, said: str, tmp_path: Path) -> None:
    done = trueup("mcp", str(shop(tmp_path)), "--http", address)
    assert (done.code, done.out, done.err) == (2, "", f"trueup mcp: --http: {said}\n")


def test_all_mistakes_of_the_command_at_once(tmp_path: Path) -> None:
    done = trueup("mcp", str(tmp_path / "nix"), "--driver", "mysq", "--http", "x")
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 3


def test_the_manuals_snippets_start_this_server() -> None:
    """Each is JSON, and names the command or the address as they are; each tool stands in the manual's table."""
    page = (Path(__file__).parents[2] / "docs" / "agents.md").read_text(encoding="utf-8")
    servers = [
        next(iter(json.loads(block).values()))["trueup"]
        for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    ]
    assert [s.get("args", s.get("url")) for s in servers] == [
        ["mcp"],
        ["mcp"],
        ["mcp", "${workspaceFolder}"],
        "http://127.0.0.1:8765/mcp",
    ]
    assert {s["command"] for s in servers[:3]} == {"trueup"}
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == TOOLS


def test_every_tool_only_reads_and_has_a_typed_answer(tmp_path: Path) -> None:
    async def talk(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == TOOLS
        for tool in tools:
            assert tool.annotations is not None
            assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
            assert tool.output_schema is not None
            assert tool.description

    with_client("stdio", shop(tmp_path), talk)
