"""Gaps that a fleet of public repositories has brought to light, mended in the readers."""

from __future__ import annotations

from pathlib import Path

from tests.fleet.yard import repository
from trueup.config import Options
from trueup.pipeline.schemas import schema

ROWS = """<?php
use Illuminate\\Database\\Eloquent\\Collection;
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration {
    public function up(): void {
        $kinds = new Collection(['paid', 'sent']);
        foreach ($kinds->makeVisible('token')->loadCount('posts') as $kind) {
            Schema::create($kind, fn (Blueprint $table) => $table->id());
        }
    }
};
"""


def test_a_collection_of_models_may_show_hide_and_count(tmp_path: Path) -> None:
    built = schema(str(repository(tmp_path, "acme/shop", ROWS)), Options())
    assert (tuple(table.name for table in built.tables), built.gaps) == (("paid", "sent"), ())
