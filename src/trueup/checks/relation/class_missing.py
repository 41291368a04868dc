"""REL001: a relation to a class that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import own_models
from trueup.checks.registry import check
from trueup.checks.relation._examples import BELONGS_TO, pair, tables
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Model, Relation
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.locations import Location
from trueup.model.project import Autoload, Project

EXAMPLES = (
    failing(
        "The class was removed",
        given(
            migration=table("$table->foreignId('user_id');"),
            files={
                **model(BELONGS_TO),
                "composer.json": '{"name": "acme/example", "require": {"laravel/framework": "^12.0"}, '
                '"autoload": {"psr-4": {"App\\\\": "app/"}}}',
            },
        ),
        Expected(
            "error",
            "The relation `CostRecord::user` goes to the class `App\\Models\\User`, which does not exist.",
            model="App\\Models\\CostRecord",
        ),
    ),
    unsure(
        "An optional package of the same vendor may bring the class",
        given(
            migration=table("$table->foreignId('zone_id');"),
            files={
                **model(
                    """
                    public function zone()
                    {
                        return $this->belongsTo('Acme\\Shipping\\Zone');
                    }
                    """
                ),
                "composer.json": '{"name": "acme/example", "require": {"laravel/framework": "^12.0"}, '
                '"autoload": {"psr-4": {"App\\\\": "app/", "Acme\\\\": "src/"}}}',
            },
        ),
    ),
    clean(
        "The class exists", given(migration=tables("$table->foreignId('user_id');"), files=pair(BELONGS_TO))
    ),
)


@check(
    code="REL001",
    title="A relation to a class that does not exist",
    severity="error",
    category="model",
    why="Whoever follows the relation, loads it eagerly or filters by it gets a fatal error: class not found.",
    fix="Name the class that is meant, import it, or take the relation out.",
    examples=EXAMPLES,
)
def class_missing(facts: Facts) -> Iterator[Verdict]:
    seen: set[Location] = set()
    for model_ in own_models(facts):
        for relation in model_.relations:
            for name in (relation.related, relation.through, relation.using):
                if name and relation.at not in seen and _is_missing(facts, name):
                    seen.add(relation.at)
                    yield _verdict(facts, model_, relation, name)


def _is_missing(facts: Facts, name: str) -> bool:
    """Only for namespaces that the project's own autoloading covers, and only where no file bears the class's name at all."""
    if facts.eloquent.model(name) is not None or any(m.name == name for m in facts.eloquent.test_models):
        return False
    project = facts.project
    entry = _entry(project, name)
    if entry is None:
        return False
    short = name.rsplit("\\", 1)[-1].lower() + ".php"
    return not any(f.rsplit("/", 1)[-1].lower() == short for f in project.files)


def _entry(project: Project, name: str) -> Autoload | None:
    own = (
        a
        for a in project.autoload
        if a.prefix and name.lower().startswith(a.prefix.strip("\\").lower() + "\\")
    )
    return next(own, None)


def _verdict(facts: Facts, model_: Model, relation: Relation, name: str) -> Verdict:
    entry = _entry(facts.project, name)
    if entry is not None and _may_be_a_package_s(facts.project, entry, name):
        reason = f"{name} may be an optional package's: the project has no folder for its namespace"
        return CannotTell("REL001", f"{model_.name}::{relation.method}", reason, relation.at)
    return _finding(model_, relation, name)


def _may_be_a_package_s(project: Project, entry: Autoload, name: str) -> bool:
    """Whether a package of the same vendor may bring the class (`Acme\\Shipping\\Zone` beside `Acme\\`): no file of the project
    lies where its namespace would. `App` is nobody else's."""
    prefix = entry.prefix.strip("\\")
    inner = name[len(prefix) + 1 :].split("\\")[:-1]
    folder = "/".join(part for part in (entry.path.strip("/"), *inner) if part).lower() + "/"
    return prefix.lower() != "app" and not any(f.lower().startswith(folder) for f in project.files)


def _finding(model_: Model, relation: Relation, name: str) -> Finding:
    relation_name = f"{model_.short}::{relation.method}"
    return Finding(
        "REL001",
        "error",
        "model",
        f"The relation {code(relation_name)} goes to the class {code(name)}, which does not exist.",
        model=model_.name,
        expected=name,
        found="no file of that class",
        locations=(relation.at,),
        recommendation="Name the class that is meant, or take the relation out.",
        key=relation.method,
    )
