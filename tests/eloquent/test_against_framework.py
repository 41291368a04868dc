"""What the reader makes of models, against what the real framework (Debian's 8.83) makes of the same file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TypedDict

import pytest

from tests.eloquent.reading import project_at
from trueup.model.eloquent import Eloquent, Model, Relation
from trueup.sources.laravel.eloquent import read_eloquent

HERE = Path(__file__).parent

RelationFacts = dict[str, str | list[str] | None]


class ModelFacts(TypedDict):
    table: str
    key: str
    key_type: str
    incrementing: bool
    timestamps: bool
    created_at: str | None
    updated_at: str | None
    connection: str | None
    fillable: list[str]
    guarded: list[str]
    casts: dict[str, str] | list[str]
    hidden: list[str]
    route_key: str
    soft_deletes: bool
    relations: dict[str, RelationFacts]


@pytest.fixture(scope="module")
def told() -> dict[str, ModelFacts]:
    done = subprocess.run(
        ["php", "-d", "error_reporting=0", str(HERE / "models.php"), str(HERE / "shop.php")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer: dict[str, ModelFacts] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def read() -> Eloquent:
    eloquent, gaps = read_eloquent(project_at(HERE, ("shop.php",), "8.83.27"))
    assert gaps == ()
    return eloquent


def test_the_same_classes_are_models(told: dict[str, ModelFacts], read: Eloquent) -> None:
    assert [m.name for m in read.models if not m.abstract] == sorted(told)


def test_every_setting_is_the_frameworks(told: dict[str, ModelFacts], read: Eloquent) -> None:
    assert {m.name: settings(m) for m in read.models if not m.abstract} == {
        name: {k: once(v) for k, v in facts.items() if k != "relations"} for name, facts in told.items()
    }


def test_every_relation_is_the_frameworks(told: dict[str, ModelFacts], read: Eloquent) -> None:
    ours = {m.name: {r.method: relation(r) for r in m.relations} for m in read.models if not m.abstract}
    theirs = {name: facts["relations"] for name, facts in told.items()}
    assert ours == {
        name: {method: {k: v for k, v in r.items() if v is not None} for method, r in relations.items()}
        for name, relations in theirs.items()
    }
    assert sum(len(relations) for relations in ours.values()) > 40


def once(value: object) -> object:
    """8.83 runs a trait's initialiser twice in a process that boots a model twice."""
    return list(dict.fromkeys(value)) if isinstance(value, list) else value


def settings(model: Model) -> dict[str, object]:
    key = model.primary_key
    return {
        "table": model.table,
        "key": key,
        "key_type": model.key_type,
        "incrementing": model.incrementing,
        "timestamps": model.timestamps,
        "created_at": model.created_at,
        "updated_at": model.updated_at,
        "connection": model.connection,
        "fillable": [a.name for a in model.fillable],
        "guarded": ["*"] if model.guarded is None else [a.name for a in model.guarded],
        "casts": {c.attribute: c.cast for c in model.casts} or [],
        "hidden": [a.name for a in model.hidden],
        "route_key": model.route_key or key,
        "soft_deletes": model.soft_deletes,
    }


def relation(found: Relation) -> dict[str, object]:
    facts: dict[str, object] = {
        "kind": found.kind,
        "related": found.related,
        "foreign_key": found.foreign_key,
        "local_key": found.local_key,
        "through_first_key": found.through_first_key,
        "through_second_key": found.through_second_key,
        "through_local_key": found.through_local_key,
        "pivot_table": found.pivot_table,
        "pivot_foreign_key": found.pivot_foreign_key,
        "pivot_related_key": found.pivot_related_key,
        "related_key": found.related_key,
        "morph_type": found.morph_type,
    }
    if found.kind in ("morphTo", "morphOne", "morphMany"):
        facts["morph_id"] = found.morph_id
    if found.kind == "morphTo":
        del facts["related"], facts["local_key"]
    if found.pivot_table:
        stamps = ["created_at", "updated_at"] if found.pivot_timestamps else []
        facts["pivot_columns"] = [*found.pivot_columns, *stamps]
    if found.kind in ("morphToMany", "morphedByMany"):
        facts["kind"] = "morphToMany"
    return {name: value for name, value in facts.items() if value is not None}
