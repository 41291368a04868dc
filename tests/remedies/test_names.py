"""Short names, put into the call that gives or implies the long one."""

from __future__ import annotations

import pytest

from trueup.model.locations import Location
from trueup.remedies.definitions import Unmendable
from trueup.remedies.edits import Source
from trueup.remedies.names import Naming, give_name, short_of

LONG = "ai_conversation_provider_history_ai_conversation_id_started_at_index"


@pytest.mark.parametrize(
    ("name", "taken", "short"),
    [
        (LONG, (), "ai_conver_provid_histor_ai_conver_id_starte_at_index"),
        (LONG, ("ai_conver_provid_histor_ai_conver_id_starte_at_index",), "ai_conver_provid_histor_ai_conver_id_starte_at_index_2"),
        ("x" * 80 + "_unique", (), "xxxxxx_unique"),
        ("_".join(["abcdefg"] * 20) + "_index", (), "abc_" * 14 + "a_index"),
    ],
)  # fmt: skip
def test_short_names(name: str, taken: tuple[str, ...], short: str) -> None:
    assert short_of(name, taken) == short
    assert len(short) <= 63


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("$table->index(['a', 'b']);\n", "$table->index(['a', 'b'], 'short');\n"),
        ("$table->index(['a', 'b',]);\n", "$table->index(['a', 'b',], 'short');\n"),
        ("$table->string('a')->index();\n", "$table->string('a')->index('short');\n"),
        ("$table->unique('a,b)');\n", "$table->unique('a,b)', 'short');\n"),
        ("$table->index(['a'], 'long_name');\n", "$table->index(['a'], 'short');\n"),
        ("$table->foreign('a')->references('id')->on('b');\n", "$table->foreign('a', 'short')->references('id')->on('b');\n"),
        ("$table->index([\n    'a',\n    'b',\n]);\n", "$table->index([\n    'a',\n    'b',\n], 'short');\n"),
        ("$table->index(\n    ['a'],\n);\n", None),
        ("$table->index(['a'], $name);\n", None),
        ("$table->string('a')->index(); $table->string('b')->index();\n", None),
        ("$table->timestamps();\n", None),
    ],
)  # fmt: skip
def test_the_call_gets_the_name(before: str, after: str | None) -> None:
    source = Source("m.php", before)
    naming = Naming(Location("m.php", 1), "long_name", "short")
    if after is None:
        with pytest.raises(Unmendable):
            give_name(source, naming)
        assert source.text == before
    else:
        give_name(source, naming)
        assert source.text == after
