"""Words inside a line of Markdown, and which of them name tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.sources.markdown.table_names import named_tables
from trueup.sources.markdown.words import code_spans, label, plain, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Bold** and *it* `x`", "Bold and it x"),
        ("[new]_create_a_b.php", "[new]_create_a_b.php"),
        ("src/*/x.php", "src/*/x.php"),
        ("_it_ a_b __bold__", "it a_b bold"),
        ("[text](docs/a.md) here", "text here"),
        ("***x***  y", "x y"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3. **Acceptance  Criteria** ✅:", "acceptance criteria"),
        ("RELATED DOCUMENTATION", "related documentation"),
        ("🗄️ Database Schema", "database schema"),
        ("a) Notes", "notes"),
    ],
)
def test_label(text: str, expected: str) -> None:
    assert label(text) == expected


def test_code_spans_are_found_whole() -> None:
    assert [(s.text, s.start, s.end) for s in code_spans("a `b` ``c`d`` e")] == [("b", 2, 5), ("c`d", 6, 13)]


def test_sentences_are_not_cut_inside_code() -> None:
    assert list(sentences("One `a. b`. Two\nthree")) == [(0, "One `a. b`."), (11, " Two\n"), (16, "three")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Whether required database tables exist (ai_costs, ai_budgets, users)",
            [("ai_costs", False), ("ai_budgets", False), ("users", False)],
        ),
        ("`Listener` attempts to insert into `cost_rows` table", [("cost_rows", False)]),
        ("Table `cost_rows` does not exist in the schema", [("cost_rows", True)]),
        ("The `a_b`, `c_d` and `e` tables are missing.", [("a_b", True), ("c_d", True), ("e", True)]),
        ("**Table**: `budgets`", [("budgets", False)]),
        ("`budgets` table is missing the `project_id` column", [("budgets", False)]),
        ("Add a `project_id` column to the `budgets` table.", [("budgets", False)]),
        ("Rows in `posts` and columns of `users` are read", [("posts", False), ("users", False)]),
        ("Provider tables: ai_providers, ai_accounts", [("ai_providers", False), ("ai_accounts", False)]),
        ("The **ai_x** table", [("ai_x", False)]),
        ("Database tables don't exist", []),
        ("`CostListener` table", []),
        ("All model `$table` properties are updated", []),
        ("migration create_users_table", []),
        ("the `create_users_table` table", []),
        ("Calls `foo_bar()` and `baz_qux`", []),
        ("tables that use foreign keys, and `foo` does", []),
        ("The key of the `comments` table is `post_id`", [("comments", False)]),
        ("Tables with columns of types `string` and `int` table", []),
        ("The table below shows `status` and `kind`", []),
    ],
)
def test_a_name_is_a_table_only_where_the_sentence_says_so(
    text: str, expected: list[tuple[str, bool]]
) -> None:
    assert [(n.name, n.missing) for n in named_tables(text)] == expected


@given(st.text(alphabet="table s`_ab,()*.\n:and", max_size=200))
def test_any_text_has_some_tables_or_none(text: str) -> None:
    assert all(text[n.offset :].startswith(n.name) for n in named_tables(text))
