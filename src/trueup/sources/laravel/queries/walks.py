"""Walks of single files, and what each hangs on: its own text and that of the code it followed, the models and the columns that it
asked about. What all walks hang on is in `program_state`."""

from __future__ import annotations

from trueup.model.eloquent import Attribute, Model
from trueup.model.locations import NOWHERE
from trueup.sources.laravel.memory import Fact, StateOf, digest, on_files
from trueup.sources.laravel.queries.builder import ColumnsOf
from trueup.sources.laravel.queries.found import Found
from trueup.sources.laravel.queries.program import Program
from trueup.sources.laravel.queries.reader import found_in
from trueup.structs import Struct, field, replace

Answer = frozenset[str] | None


class Walk(Struct, frozen=True):
    """What was found in one file, the tables whose columns decided on it (with what they were), the files that it read, and the
    models that it asked about, in lower case."""

    found: Found
    asked: dict[str, Answer]
    touched: frozenset[str]
    models: frozenset[str]

    def holds(self, look_up: ColumnsOf) -> bool:
        """Whether the file would be read the same way by other columns."""
        return all(look_up(table) == answer for table, answer in self.asked.items())


class Asked(Struct):
    """Columns of tables, with a note of what was asked."""

    look_up: ColumnsOf
    answers: dict[str, Answer] = field(default_factory=dict)

    def __call__(self, table: str) -> Answer:
        answer = self.answers[table] = self.look_up(table)
        return answer


def walk(program: Program, file: str, look_up: ColumnsOf) -> Walk:
    asked = program.columns_of = Asked(look_up)
    program.classes.touched = {file}
    program.asked = set()
    program.builders.clear()
    found = found_in(program, file)
    return Walk(found, asked.answers, frozenset(program.classes.touched), frozenset(program.asked))


def fact_of(program: Program, file: str, look_up: ColumnsOf, state_of: StateOf) -> Fact[Found]:
    """A walk as something to be remembered."""
    walked = walk(program, file, look_up)
    others = [("model", m, state_of("model", m)) for m in sorted(walked.models)]
    others += [("columns", t, state_of("columns", t)) for t in sorted(walked.asked)]
    return Fact(walked.found, (*on_files(walked.touched, state_of), *others))


def states(program: Program, look_up: ColumnsOf) -> StateOf:
    """The present state of what a walk can hang on."""

    def state_of(kind: str, name: str) -> str:
        if kind == "file":
            return program.classes.digest(name)
        if kind == "model":
            return program.model_state(name)
        columns = look_up(name)
        return "none" if columns is None else ",".join(sorted(columns))

    return state_of


def program_state(program: Program) -> str:
    """A digest of what every walk hangs on: which classes and models there are and how they hang together, and the settings."""
    eloquent = program.eloquent
    return digest(
        program.driver,
        program.user_model,
        sorted(program.config.items()),
        [read_by(m) for m in (*eloquent.test_models, *eloquent.models)],
        [a.name for a in eloquent.global_settings],
        program.classes.structure(),
    )


def read_by(model: Model) -> Model:
    """The model without places and without the lists that queries are not read by."""
    return replace(
        model,
        at=NOWHERE,
        casts=(),
        fillable=(),
        guarded=None,
        hidden=(),
        visible=(),
        properties=(),
        defaults=(),
        hooks=(),
        appends=(),
        accessors=(),
        dates=(),
        touches=(),
        observers=(),
        mutators=_nowhere(model.mutators),
        scopes=_nowhere(model.scopes),
        eager=_nowhere(model.eager),
        global_scopes=_nowhere(model.global_scopes),
        relations=tuple(replace(r, at=NOWHERE) for r in model.relations),
    )


def _nowhere(named: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    return tuple(replace(a, at=NOWHERE) for a in named)
