"""Factories with the model and the table that they fill, and the parts of the examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from trueup.checks.model._examples import model
from trueup.checks.model._stored import Stored, stored_models
from trueup.model.audit import Facts
from trueup.model.eloquent import Factory
from trueup.structs import Struct


class Made(Struct, frozen=True):
    factory: Factory
    stored: Stored

    @property
    def name(self) -> str:
        return self.factory.name.rsplit("\\", 1)[-1]


def factories(facts: Facts) -> Iterator[Made]:
    """Factories whose model has a table."""
    by_name = {s.model.name: s for s in stored_models(facts)}
    for factory in facts.eloquent.factories:
        stored = by_name.get(factory.model or "")
        if stored is not None:
            yield Made(factory, stored)


def factory(definition: str, body: str = "") -> dict[str, str]:
    """The files of the model CostRecord (with `body`) and of its factory."""
    lines = textwrap.indent(textwrap.dedent(definition).strip(), " " * 12)
    text = (
        "<?php\n\nnamespace Database\\Factories;\n\nuse App\\Models\\CostRecord;\n"
        "use Illuminate\\Database\\Eloquent\\Factories\\Factory;\n\nclass CostRecordFactory extends Factory\n{\n"
        "    protected $model = CostRecord::class;\n\n    public function definition(): array\n    {\n        return [\n"
        f"{lines}\n        ];\n    }}\n}}\n"
    )
    return {**model(body), "database/factories/CostRecordFactory.php": text}
