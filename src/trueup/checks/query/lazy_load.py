"""QRY012: relations that are loaded row by row (N+1)."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import some
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.queries import LazyLoad

_MIGRATION = """
    Schema::create('authors', function (Blueprint $table) { $table->id(); $table->string('name'); });
    Schema::create('books', function (Blueprint $table) {
        $table->id();
        $table->foreignId('author_id')->constrained();
    });
"""
_MODELS = {
    "app/Models/Author.php": "<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\n"
    "class Author extends Model {}\n",
    "app/Models/Book.php": "<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\n"
    "class Book extends Model { public function author() { return $this->belongsTo(Author::class); } }\n",
}
_CODE = """
    <?php
    namespace App;
    use App\\Models\\Book;
    class Shelf
    {{
        public function names(): array
        {{
            $names = [];
            {}
            foreach ($books as $book) {{
                $names[] = $book->author->name;
            }}
            return $names;
        }}
    }}
"""


def _shelf(line: str) -> dict[str, str]:
    return {**_MODELS, "app/Shelf.php": _CODE.format(line)}


EXAMPLES = (
    failing(
        "The author of each book, one by one",
        given(migration=_MIGRATION, files=_shelf("$books = Book::where('id', '>', 7)->get();")),
        Expected(
            "warning",
            "`App\\Shelf::names` loads `author` of each `Book` by a query of its own.",
            model="App\\Models\\Book",
        ),
    ),
    clean(
        "Loaded with the books",
        given(migration=_MIGRATION, files=_shelf("$books = Book::with('author')->get();")),
    ),
    clean(
        "Loaded afterwards",
        given(migration=_MIGRATION, files=_shelf("$books = Book::all(); $books->load('author');")),
    ),
    clean(
        "What was loaded cannot be told",
        given(migration=_MIGRATION, files=_shelf("$books = Book::query()->withWhatTheAppNeeds()->get();")),
    ),
)


@check(
    code="QRY012",
    title="A relation is loaded row by row",
    severity="warning",
    category="query",
    why="""The first access of a relation that nothing loaded is a query. In a loop over rows it is one for each of them, on
        top of the one that fetched the rows (N+1).""",
    fix="Add it to `with()` of the query, or `load()` it before the loop. `Model::preventLazyLoading()` makes tests fail on it.",
    examples=EXAMPLES,
)
def lazy_load(facts: Facts) -> Iterator[Verdict]:
    groups: dict[tuple[str, str, str], list[LazyLoad]] = {}
    for load in facts.queries.lazy:
        if load.area in {"src", "route", "view"}:
            groups.setdefault((load.method or load.at.file, load.model, load.relation), []).append(load)
    for key, loads in sorted(groups.items()):
        yield _finding(*key, loads)


def _finding(method: str, model: str, relation: str, loads: list[LazyLoad]) -> Finding:
    severity: Severity = "info" if all(load.limited for load in loads) else "warning"
    short = model.rsplit("\\", 1)[-1]
    return Finding(
        "QRY012",
        severity,
        "query",
        f"{code(method)} loads {code(relation)} of each {code(short)} by a query of its own.",
        model=model,
        expected=f"with('{relation}')",
        found=f"rows from {loads[0].origin} without it",
        locations=(*some(load.at for load in loads), *places(loads[0].origin)),
        recommendation=f"Add `with('{relation}')` to the query at {loads[0].origin}, or `load()` it before the loop.",
        key=f"{method} {relation}",
    )
