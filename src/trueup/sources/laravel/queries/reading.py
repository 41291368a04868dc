"""All query sites of a project: `read_queries`."""

from __future__ import annotations

from trueup.model.eloquent import Eloquent
from trueup.model.project import Project
from trueup.model.queries import Queries
from trueup.model.schema import Schema
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.memory import Facts, Memory
from trueup.sources.laravel.queries.found import Found
from trueup.sources.laravel.queries.reader import (
    columns_of,
    gathered,
    processes_for,
    program_of,
    walked_files,
)
from trueup.sources.laravel.queries.walks import fact_of, program_state, states


def read_queries(
    project: Project,
    eloquent: Eloquent,
    schema: Schema,
    classes: Classes | None = None,
    memory: Memory | None = None,
) -> Queries:
    """Every query site of the project's own code (migrations apart), sorted by place. A file that crashes the walk is a gap.

    Each file is walked by itself: what is found in it does not depend on the files before it, so that they can be walked side by
    side and remembered one by one, in `memory`."""
    program = program_of(project, eloquent, schema, classes or Classes(project))
    look_up = columns_of(schema)
    state_of = states(program, look_up)
    facts: Facts[Found] = Facts(
        memory, f"queries-{schema.driver}", program_state(program) if memory is not None else ""
    )
    found = facts.of(
        walked_files(program, project),
        state_of,
        lambda file: fact_of(program, file, look_up, state_of),
        lambda files: processes_for(program, files),
    )
    return gathered(found)
