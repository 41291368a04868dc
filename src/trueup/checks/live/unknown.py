"""LIV002: entries of the table of migrations that no file explains."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

EXAMPLES = (
    failing(
        "A migration ran there and its file is gone",
        given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST, "2024_01_05_000000_add_coupons"))),
        Expected(
            "warning",
            "The migration `2024_01_05_000000_add_coupons` has run on the live database, and no file of that name is known.",
        ),
    ),
    clean("Every entry has its file", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
)


@check(
    code="LIV002",
    title="A migration ran on the live database whose file is not there",
    severity="warning",
    category="live",
    why="""The file was renamed, deleted, or never merged. A renamed migration runs again under its new name; one that is gone
        can't be rolled back, and no other database will get what it did. Entries of a squashed dump and of installed packages are
        known; where `vendor` is not there, packages can't be asked, and the finding is a remark.""",
    fix="Bring the file back under its name, or squash the migrations (`php artisan schema:dump`).",
    examples=EXAMPLES,
)
def unknown_migration(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    if found is None or facts.live is None:
        return
    packages = facts.live.packages_read
    for name in found.unknown:
        yield Finding(
            "LIV002",
            "warning" if packages else "info",
            "live",
            f"The migration {code(name)} has run on the live database, and no file of that name is known"
            + ("." if packages else " here; it may be a package's, since `vendor` could not be read."),
            expected=f"a file {name}.php",
            found="an entry in the table of migrations, without a file",
            locations=places(server(facts)),
            recommendation="Bring the file back under its name, or delete the entry if it was renamed.",
            key=name,
        )
