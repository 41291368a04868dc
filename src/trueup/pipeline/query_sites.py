"""`trueup queries`: every place where the code reaches the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.pipeline.opening import choose_driver, open_target
from trueup.pipeline.schemas import replay_for

if TYPE_CHECKING:
    from trueup.config import Options
    from trueup.model.queries import Queries
    from trueup.model.shapes import Performance


def query_sites(path: str, options: Options) -> tuple[Queries, Performance]:
    """The query sites of the project at `path`, and how the indexes serve them. Raises UserError with every mistake in `path`,
    options and configuration."""
    from trueup.indexes.analysis import analyse
    from trueup.sources.laravel.eloquent import read_eloquent
    from trueup.sources.laravel.queries import read_queries

    opened = open_target(path, options)
    driver, _ = choose_driver(opened.project, opened.settings)
    schema = replay_for(opened.project, driver, opened.settings)
    eloquent, _ = read_eloquent(opened.project)
    queries = read_queries(opened.project, eloquent, schema)
    return queries, analyse(schema, eloquent, queries)
