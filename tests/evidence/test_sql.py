"""Query shapes as SQL: what is asked of one whose parts can only be told in part, and what cannot be asked."""

from __future__ import annotations

import pytest

from trueup.evidence.parameters import Parameters
from trueup.evidence.rows import Sample
from trueup.evidence.sql import Unwritable, statement_of
from trueup.model.queries import TableRef
from trueup.model.schema import Column, Schema, Table
from trueup.model.shapes import JoinEdge, Predicate, QueryShape

ALBUMS = Table("albums", (Column("id", "bigint"), Column("name", "text"), Column("parent_id", "bigint")))
SONGS = Table("songs", (Column("id", "bigint"), Column("album_id", "bigint")))
LIKES = Table("likes", (Column("song_id", "bigint"), Column("at", "text")))
SCHEMA = Schema("pgsql", (ALBUMS, LIKES, SONGS))
SAMPLES = {"albums": Sample([{"id": 7, "name": "blue", "parent_id": 3}], 1)}
OF_ALBUM = JoinEdge("albums", "id", "songs", "album_id")
BY_NAME = Predicate("albums", "name", "=")


def asked(shape: QueryShape) -> str:
    return statement_of(shape, SCHEMA, Parameters(shape, SAMPLES)).sql


def tables(*names: str) -> tuple[TableRef, ...]:
    return tuple(map(TableRef, names))


@pytest.mark.parametrize(
    ("shape", "sql"),
    [
        (
            QueryShape("upsert", tables("albums"), (BY_NAME,)),
            """select * from "albums" where "name" = 'blue' limit 1""",
        ),
        (
            QueryShape("select", tables("albums", "songs", "songs"), (BY_NAME,), joins=(OF_ALBUM,)),
            """select "albums".* from "albums" inner join "songs" on "albums"."id" = "songs"."album_id" """
            """where "albums"."name" = 'blue'""",
        ),
        (
            QueryShape("select", tables("albums"), groups=(("albums", "id"), ("likes", "at"))),
            """select "id", count(*) as aggregate from "albums" group by "id" """.strip(),
        ),
    ],
)
def test_what_is_asked(shape: QueryShape, sql: str) -> None:
    assert asked(shape) == sql


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (QueryShape("upsert", tables("albums")), "it looks for no rows"),
        (
            QueryShape(
                "select", tables("albums", "albums"), joins=(JoinEdge("albums", "id", "albums", "parent_id"),)
            ),
            "it joins a table to itself",
        ),
        (
            QueryShape("select", tables("albums"), (Predicate("likes", "at", "="),)),
            "it reads likes on some paths of the code only",
        ),
        (
            QueryShape("select", tables("albums"), (Predicate("albums", "gone", "="),)),
            "there is no column albums.gone",
        ),
    ],
)
def test_what_cannot_be_asked_says_why(shape: QueryShape, why: str) -> None:
    with pytest.raises(Unwritable, match=f"^{why}$"):
        asked(shape)
