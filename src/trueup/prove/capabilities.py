"""The capabilities that the probes ask for: a code each, and what `trueup explain` and docs/proofs.md tell of it.

`asked` says what is done, `why` what goes wrong without it, `fix` which columns, keys or types carry it."""

from __future__ import annotations

from trueup.model.proofs import ProbeName
from trueup.structs import Struct


class AskedCapability(Struct, frozen=True):
    code: str
    probe: ProbeName
    title: str
    asked: str
    why: str
    fix: str


CAPABILITIES = (
    AskedCapability(
        "PRF101", "record", "record the cost of a request exactly",
        "Costs from the price of one cheap token to that of a request of a million tokens are stored and read back.",
        "Tokens cost fractions of a millionth of a dollar. A column of two or four digits stores cheap requests as free, and "
        "a float gives back another amount than was sent.",
        "A decimal with ten digits after the point and ten before it: DECIMAL(20,10), or whole numbers of a unit small enough.",
    ),
    AskedCapability(
        "PRF102", "record", "record a million requests without drift",
        "A million requests at real prices are rounded as the column rounds, and their sum compared with the exact one in money.",
        "Each record is off by half of its last digit at most, but all may be in the same direction: the invoice differs.",
        "A scale in which the prices in use have no remainder: DECIMAL(20,10).",
    ),
    AskedCapability(
        "PRF103", "record", "record the model",
        "Names of models in use are stored, up to paths and ARNs of 111 characters.",
        "A name that is cut off or refused can't be priced, reported by or compared with the provider's invoice.",
        "A column of at least 150 characters.",
    ),
    AskedCapability(
        "PRF104", "record", "record token counts",
        "Input and output tokens are stored, up to 4,294,967,296 (2³²).",
        "One request fits into an integer of four bytes; a batch, a day's total or an imported invoice may not.",
        "Columns of type bigint for input and for output tokens.",
    ),
    AskedCapability(
        "PRF105", "record", "record metadata",
        "Nested JSON in several scripts, a document of 100 KB and one that is cut off are sent.",
        "Metadata that is cut off or is no JSON fails where it is read, long after it was written.",
        "A column of the server's JSON type; on SQLite a CHECK with json_valid().",
    ),
    AskedCapability(
        "PRF106", "record", "record the currency",
        "Codes of currencies are stored and read back.",
        "Amounts without a currency are added up across currencies.",
        "A column of three characters, NOT NULL.",
    ),
    AskedCapability(
        "PRF107", "record", "refuse a record without its cost, user or time",
        "Records with NULL for the cost, the user and the time are sent.",
        "SUM leaves NULL out: a cost that was not written down is a cost of nothing. A record without its time is of no period.",
        "NOT NULL on the columns of cost, user and time.",
    ),
    AskedCapability(
        "PRF108", "record", "record when a request was made",
        "Moments at the edges of days, months and clock changes, and beyond 2038, are stored and read back.",
        "A moment that is rounded, shifted by a time zone or refused counts in another period, and against another limit.",
        "A column of date and time that the application writes in UTC: DATETIME on MySQL and MariaDB, TIMESTAMP on PostgreSQL.",
    ),
    AskedCapability(
        "PRF201", "add-up", "add up costs exactly",
        "Totals by the server are compared with sums of exact decimals.",
        "Floating point sums depend on the order of rows, and miss the last digits of large totals: limits are passed by them.",
        "Decimal columns; on SQLite sums of whole units.",
    ),
    AskedCapability(
        "PRF202", "add-up", "tell at once what a user has spent in a period",
        "The plan and the time of the sum of one user's period, from a thousand rows up to --rows.",
        "The sum is asked for before every request. Without an index it takes longer with every record that is stored.",
        "An index on the user and the time, in that order.",
    ),
    AskedCapability(
        "PRF203", "add-up", "report costs by day, month, provider and model",
        "Totals by day, month, provider and model are asked for and compared with exact ones.",
        "What no column tells can't be reported by.",
        "Columns for the time, the provider and the model.",
    ),
    AskedCapability(
        "PRF301", "enforce", "hold a limit, whatever the number of writers",
        "2 to --writers writers in several processes charge one limit: by check-then-insert, and by trueup.ledger.",
        "Where the check and the record are two steps, writers who ask at the same moment all see room, and all write.",
        "A table of budgets with user, period and limit; best with the amount spent and the start of its period in that row, which "
        "one conditional UPDATE keeps.",
    ),
    AskedCapability(
        "PRF302", "enforce", "lose and double nothing when writers die or connections are lost",
        "While writers charge, one of their processes is killed (kill -9), then the server ends all connections.",
        "A writer that does not know whether its COMMIT arrived counts twice if it writes again, and nothing if it does not.",
        "A column for the request's id with a unique key: whoever has lost the answer can ask.",
    ),
    AskedCapability(
        "PRF401", "alert", "send each alert once",
        "Writers pass 50, 75 and 90 % of a limit together by the ledger; then each looks for an alert before storing it.",
        "Two writers who look at the same moment both find nothing, and the user is told twice, or hundreds of times.",
        "A unique key over the owner, the start of the period and the threshold.",
    ),
    AskedCapability(
        "PRF501", "keep-whole", "keep costs when a user is deleted",
        "A user with costs is deleted.",
        "Costs that are deleted along are missing in every total and can't be compared with the provider's invoice.",
        "A foreign key that restricts the deletion or sets the user to NULL, or none.",
    ),
    AskedCapability(
        "PRF502", "keep-whole", "refuse costs of users who do not exist",
        "A cost of a user who does not exist is sent.",
        "A cost of nobody counts against no limit.",
        "A foreign key to the users, restricting the deletion, or a check where costs are written.",
    ),
    AskedCapability(
        "PRF503", "keep-whole", "refuse negative costs",
        "Costs of -5 and of 0 are sent.",
        "A negative cost makes room under a limit.",
        "A CHECK that the cost is not negative.",
    ),
    AskedCapability(
        "PRF504", "keep-whole", "count a request once",
        "The same request is sent twice.",
        "Queues and webhooks deliver more than once, and clients try again: without a key each delivery is a cost.",
        "A column for the request's id with a unique key.",
    ),
    AskedCapability(
        "PRF505", "keep-whole", "refuse unknown currencies",
        "A cost in a currency that does not exist is sent.",
        "A currency that is misspelled is left out of every total that asks for the right one.",
        "A CHECK, an enum or a foreign key to a table of currencies.",
    ),
    AskedCapability(
        "PRF506", "keep-whole", "refuse values of a wrong type",
        "Words are sent for the amount and the time.",
        "SQLite, and MySQL without strict mode, store what is no number and count it as nothing.",
        "Strict mode on MySQL and MariaDB; a CHECK with typeof() on SQLite.",
    ),
    AskedCapability(
        "PRF601", "grow", "hold a year of requests",
        "The bytes of a row and its indexes are measured, and told for a year at --load requests a second; how long the key lasts.",
        "A key of four bytes ends in the middle of the night: every request after that fails.",
        "A key of type bigint.",
    ),
    AskedCapability(
        "PRF602", "grow", "purge a month",
        "The oldest month is deleted, and the plan looked at.",
        "Without an index the whole table is read to delete a month, and on MySQL and MariaDB every row is locked meanwhile.",
        "An index that begins with the time.",
    ),
)  # fmt: skip

_BY_CODE = {c.code: c for c in CAPABILITIES}


def find_capability(code: str) -> AskedCapability | None:
    """By its code, in capitals or not."""
    return _BY_CODE.get(code.upper())
