"""What a finding means for its own subject: why it matters here, the test that shows it mended, what may go wrong in mending it,
and how to go back. Each sentence names the subject: none of them would do for another. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trueup.model.findings import Finding

Sentences = Mapping[str, str]
"""By code, or the beginning of one; the longest that fits counts. Fields: {t} table, {tc} table and column, {c} column, {i} index
columns, {m} model, {e} expected, {f} found, {at} the place to look at first."""

WHY: Sentences = {
    "TBL001": "Whatever reads or writes {t} ends in an error of the server, since {t} is made by no migration.",
    "TBL002": "Whoever writes a query by the specification says {e} and gets an error, because the rows are in {f}.",
    "COL001": "What the specification keeps in {tc} has no place to go.",
    "COL002": "Code written by the specification asks for {c} and fails, because the values are in {f}.",
    "COL003": "An insert written by the specification fails, because it does not know that {tc} must be filled.",
    "COL005": "Rows that the specification {allows} are {taken} because {tc} is {f}.",
    "COL006": "An insert that leaves {tc} to its default gets none: {f} instead of {e}.",
    "COL007": "{tc} keeps its first value when a row changes, so it says nothing of the last change.",
    "COL009": "{tc} is not numbered by the server, so that each insert must bring a number of its own.",
    "TYP001": "Values that {e} takes do not fit into {tc}, which is {f}.",
    "TYP002": "{tc} is {f}: it compares, sorts and adds up otherwise than {e}.",
    "TYP004": "Sums over {tc} drift, because {f} cannot hold a hundredth exactly.",
    "TYP006": "The amounts of {t} can't be added up or shown once a second currency comes in.",
    "KEY001": "{t} identifies its rows by {f}, not by {e}.",
    "KEY002": "Two rows of {t} may say the same of ({i}), and the code reads whichever comes first.",
    "KEY004": "Rows of {t} outlive the row that {c} points to, because nothing on the server minds it.",
    "KEY005": "Deleting a parent row does something else to {t} than the specification says: {f}.",
    "KEY": "{t} keeps its rows in order by less than the specification asks for: {f} instead of {e}.",
    "IDX001": "A query of {t} by ({i}) reads rows that it does not need: {f}.",
    "REL004": "Relations go by {e}, and the server does not mind where they lead.",
    "REL005": "{m} takes one row of {t} and there may be two.",
    "REL006": "{t} may hold the same pair twice, and then every join over it counts double.",
    "REL007": "From {m} the way back needs a query of its own.",
    "REL008": "A soft-deleted parent keeps rows of {t} that a real delete would take along.",
    "RUL001": "Two requests at the same time both pass the rule for {tc} and both are stored.",
    "RUL": "The rule at {at} lets through what {t} then refuses, or keeps otherwise.",
    "MOD001": "{t} is reached by plain queries only: no casts, no relations, no factory.",
    "MOD005": "Filling {m} with {f} ends in a query that names columns which {t} does not have.",
    "MOD006": "Every new {m} brings {f}, and saving it fails.",
    "MOD007": "{m} casts {f}, which no row of {t} has.",
    "MOD008": "Editors and analysers believe that {m} has {f}.",
    "MOD013": "{m} shows rows of {t} whose deleted_at is set.",
    "MOD014": "{m} hands out raw text for what {e} names.",
    "MOD015": "{m} rounds {tc} to {f} when it is read, and writes the rounded value back when it is saved.",
    "MOD019": "A request may set the money of {t} through {m}.",
    "QRY001": "{at} fails with an unknown table as soon as it runs: {f}.",
    "QRY002": "{at} fails on the server with an unknown column {c}: {f}.",
    "QRY003": "The insert at {at} is refused by a strict server, so {t} never gets that row.",
    "QRY004": "The write at {at} is refused by a strict server, or cut: {f} does not fit into {tc}.",
    "QRY005": "The query at {at} comes back empty, whatever is in {t}.",
    "QRY006": "What {at} means to keep is gone without a word: {f}.",
    "QRY007": "Either {t} is kept for nobody, or the other half of its code is missing.",
    "QRY008": "The update or lookup at {at} may hit several rows of {t}.",
    "QRY": "The query at {at} does something else on the server than its words say.",
    "CFG001": "Code that goes by this configuration asks for {t} and fails.",
    "MIG001": "`php artisan migrate` stops at {at} on an empty database, and what comes after that line is never made.",
    "MIG007": "{at} refers to a table that is not there yet when it runs.",
    "MIG004": "`migrate:rollback` is no way back here: {f}.",
    "MIG005": "Whoever rolls back past {at} believes to be where they were, and is not.",
    "MIG008": "Databases that have rows lose what {tc} held when they run {at}.",
    "MIG009": "On a table with rows {at} fails or makes up values for {tc}.",
    "MIG010": "{at} fails on every database with duplicates in {t}.",
    "MIG011": "While {at} runs, nobody else writes to {t}.",
    "MIG012": "Whether {tc} is guarded has been left undecided at {at}.",
    "MIG013": "After {at} the column {tc} has lost what its definition did not repeat.",
    "FAC001": "Every test that uses this factory fails on a real server: {f} is no column of {t}.",
    "FAC002": "The state that writes {f} can't be stored where {tc} is checked.",
    "FAC003": "The factory makes rows that {t} refuses: {e}.",
    "TST001": "A test that makes {t} itself keeps passing when the migration of {t} breaks.",
    "TST002": "What {e} refuses and {f} takes passes every test.",
    "TST003": "A test may store rows that point nowhere and still pass, because {e} is {f} at {at}.",
}  # fmt: skip

TEST: Sentences = {
    "TBL001": "a row with only the required columns of {t} is stored, and its defaults read back",
    "TBL002": "rows are found under the name that is decided for {t}, and no code asks for the other",
    "COL001": "{tc} keeps a value of {e} that is written to it",
    "COL002": "{t} answers to {c}, and no query of the suite asks for the old name",
    "COL003": "a row of {t} without {c} is stored",
    "COL005": "{t} {answer} a row with NULL in {c}",
    "COL006": "a row of {t} stored without {c} reads {e} back",
    "COL007": "{tc} moves on when another column of the row is updated",
    "COL009": "two rows of {t} stored without {c} get two numbers",
    "TYP006": "an amount of {t} is stored and read back together with its currency",
    "TYP": "the largest and the finest value of {e} are written to {tc} and read back unchanged",
    "KEY001": "a second row with the same key of {t} is refused: {e}",
    "KEY002": "a second row of {t} with the same ({i}) is refused",
    "KEY005": "deleting the parent does to the rows of {t} what {e} says",
    "KEY004": "a row of {t} whose {c} points nowhere is refused",
    "KEY006": "a row of {t} that breaks {e} is refused",
    "REL004": "deleting a parent that rows of {t} point to is refused or followed: {e}",
    "KEY": "{t} refuses what {e} forbids",
    "REL005": "a second row of {t} for the same parent is refused",
    "REL006": "the same pair in {t} a second time is refused",
    "REL": "the relation at {at} loads rows through {t}",
    "RUL001": "a second value in {tc} that passes the rule is refused by the server",
    "RUL": "the value just beyond {e} is refused by the rule of {t}, not by the server",
    "IDX": "EXPLAIN of a query of {t} by ({i}) names an index that leads with them",
    "MOD001": "a row of {t} made by the model comes back with each cast attribute in its PHP type",
    "MOD": "{m} is filled, saved and read again, with nothing of {f} lost or refused",
    "QRY001": "the code at {at} runs against the real schema and finds or stores its row",
    "QRY002": "the code at {at} runs on {server} without an unknown column {c}",
    "QRY003": "the code at {at} stores its row in {t}: {e}",
    "QRY004": "what the code at {at} writes to {tc} is read back whole",
    "QRY006": "after the code at {at}, {c} holds what was given",
    "QRY": "the code at {at} does with a row of {t} what it is meant to do",
    "CFG": "the table that the configuration names for {t} exists after migrating",
    "MIG001": "after migrating an empty {server} database, the migration of {at} is among those that ran",
    "MIG": "the migration of {at} runs up, down and up again",
    "MOD003": "{t} is written and read by the code that is meant to do it",
}  # fmt: skip

RISK: Sentences = {
    "TBL001": "a database on which somebody made {t} by hand refuses the migration",
    "TBL002": "renaming {f} breaks every query that still says the old name, in this project and in others that read the database",
    "COL002": "renaming {f} breaks every query of {t} that still says the old name",
    "COL001": "rows of {t} that are there have no value for {c}: add it nullable or with a default, fill, then tighten",
    "COL003": "code that relies on {tc} being there for every row must be found before it may be left out",
    "COL005": "{narrowing}",
    "COL006": "`change()` on {tc} drops every attribute that is not repeated",
    "TYP001": "changing {tc} rewrites {t} and locks it for as long",
    "TYP002": "values of {tc} that do not read as {e} stop the change: look for them first",
    "TYP004": "changing {tc} rounds what it holds to the digits that are chosen",
    "TYP006": "rows of {t} that are there need a currency, which only their origin tells",
    "KEY001": "a new key of {t} must hold for the rows that are there",
    "KEY002": "duplicates in {t} ({i}) stop the unique index: merge them first",
    "KEY004": "rows of {t} whose {c} points nowhere stop the foreign key: clean them up first",
    "KEY005": "between dropping and making the foreign key on {tc} nothing guards it",
    "REL004": "rows of {t} that point nowhere stop the foreign key: clean them up first",
    "REL006": "pairs that are twice in {t} stop the unique index",
    "KEY": "rows of {t} that break {e} stop the change",
    "IDX": "making the index on a large {t} takes time and disk; on PostgreSQL it locks writes unless it is made CONCURRENTLY",
    "MIG001": "databases that got past {at} in another way already have what the mended migration makes",
    "QRY001": "the code at {at} may be dead: dropping it is then better than making a table for it",
    "QRY002": "the code at {at} may mean a column of another name: ask before adding {c}",
    "QRY003": "a made-up value for {t} at {at} hides that nobody knows the true one",
    "MOD001": "code that uses the rows of {t} as plain objects meets casts and dates once the model is used",
    "MOD005": "a payload that relied on {f} being taken is thereby cut",
    "MIG008": "databases that have run {at} have lost the values already; changing the file does not bring them back",
    "MIG012": "a foreign key on {tc} fails on rows that point nowhere",
    "QRY007": "{t} may be read from outside this project, by a report for instance",
    "TST001": "with the copy of {t} gone, tests that relied on its differences fail, which is the point",
    "TST002": "tests that pass on {f} by its laxness fail on {e}",
    "TST003": "with {e} tests that store rows without parents at {at} fail",
    "TYP005": "changing the digits of {c} rewrites the tables that keep it",
}  # fmt: skip


def about(sentences: Sentences, finding: Finding, table: str, server: str = "") -> str:
    """The sentence for a finding, or "" where there is none. `table` is the name that the code uses."""
    fitting = [code for code in sentences if finding.code.startswith(code)]
    if not fitting:
        return ""
    return sentences[max(fitting, key=len)].format_map(_Fields(_fields(finding, table, server)))


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise KeyError(key)  # a field misspelt in the tables above is our mistake, and loud


def _fields(finding: Finding, table: str, server: str) -> dict[str, str]:
    tables = table or finding.table
    found = bare(finding.found)
    column = finding.column or _first_column(finding)
    strict = finding.expected.upper().startswith("NOT NULL")
    subject = _code(tables) or (
        f"`{finding.model.rsplit(chr(92), 1)[-1]}`" if finding.model else _place(finding)
    )
    return {
        "t": subject,
        "c": _code(column) or subject,
        "tc": _code(f"{tables}.{column}" if tables and column else column or tables) or subject,
        "i": finding.index or column or "",
        "m": _code(finding.model.rsplit("\\", 1)[-1]) or subject,
        "e": _code(finding.expected),
        "f": _code(found),
        "at": _place(finding),
        "server": server,
        "allows": "forbids" if strict else "allows",
        "taken": "taken" if strict else "refused",
        "answer": "refuses" if strict else "takes",
        "narrowing": f"rows of {subject} with NULL in {_code(column)} stop the change: fill them first"
        if strict
        else f"code that reads {_code(column)} of {subject} meets NULL",
    }


def _first_column(finding: Finding) -> str:
    named = re.search(r"`[a-z_0-9]+\.([a-z_0-9]+)`", finding.message)
    return named[1] if named else ""


def bare(found: str) -> str:
    """What was found, without the score that a pairing was made by, and cut where it is long."""
    text = re.split(r"(?:(?<!\s)\s++)?\((?:score )?\d\.\d\d\b|;", found, maxsplit=1)[0].strip()
    return text if len(text) <= 160 else f"{text[:159].rsplit(' ', 1)[0]} …"


def _code(text: str) -> str:
    shown = " ".join(text.replace("`", "'").split())
    return f"`{shown}`" if shown else ""


def _place(finding: Finding) -> str:
    return next((_code(str(place)) for place in finding.locations if place.file), _code(finding.code))
