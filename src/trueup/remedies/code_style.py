"""How the project writes its models and factories: folders, namespaces, parents, names. New ones look the same."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from trueup.model.audit import Facts
from trueup.model.eloquent import Eloquent, Model
from trueup.remedies.conventions import text_of
from trueup.sources.laravel.inflection import singular, studly, table_of
from trueup.structs import Struct

ELOQUENT = "Illuminate\\Database\\Eloquent\\Model"


class Place(Struct, frozen=True):
    """A folder below the root and the namespace of the classes in it."""

    folder: str
    namespace: str

    def path(self, short: str) -> str:
        return f"{self.folder}/{short}.php" if self.folder else f"{short}.php"

    def name(self, short: str) -> str:
        return f"{self.namespace}\\{short}" if self.namespace else short


class CodeStyle(Struct, frozen=True):
    """`base`: what most models extend, fully qualified. `strict`: most files of models declare strict types. `typed`: relations
    say what they return. `guesses`: the project tells the framework itself where factories are."""

    models: Place
    factories: Place
    base: str = ELOQUENT
    strict: bool = False
    typed: bool = True
    guesses: bool = False


def style_of(facts: Facts) -> CodeStyle:
    """From the models and factories that are there; where there are none, as the framework itself makes them."""
    models = [m for m in facts.eloquent.models if not m.abstract and m.at.file]
    texts = [text_of(facts.project.root, file) for file in sorted({m.at.file for m in models})]
    relations = [t for t in texts if "$this->belongsTo" in t or "$this->has" in t]
    return CodeStyle(
        models=_common((m.at.file, m.name) for m in models) or _default_place(facts),
        factories=_common((f.at.file, f.name) for f in facts.eloquent.factories)
        or Place("database/factories", "Database\\Factories"),
        base=_base(facts.eloquent, models),
        strict=2 * sum("strict_types=1" in t for t in texts) > len(texts),
        typed=not relations
        or 2 * sum("): BelongsTo" in t or "): Has" in t for t in relations) > len(relations),
        guesses=_names_guesser(facts),
    )


def _common(classes: Iterable[tuple[str, str]]) -> Place | None:
    """Where most classes stand; of two alike the first by name."""
    counted = Counter(Place(os.path.dirname(file), name.rpartition("\\")[0]) for file, name in classes)
    ranked = sorted(counted.items(), key=lambda c: (-c[1], c[0].folder, c[0].namespace))
    return ranked[0][0] if ranked else None


def _default_place(facts: Facts) -> Place:
    own = next((a for a in facts.project.autoload if a.prefix and not a.dev), None)
    if own is None:
        return Place("app/Models", "App\\Models")
    return Place(f"{own.path.rstrip('/')}/Models".lstrip("/"), f"{own.prefix.rstrip(chr(92))}\\Models")


def _base(eloquent: Eloquent, models: list[Model]) -> str:
    """A parent that says more than a plain model (a user that logs in) is no base for others."""
    abstract = {m.name for m in eloquent.models if m.abstract}
    fit = Counter(m.parents[0] for m in models if m.parents and m.parents[0] in {*abstract, ELOQUENT})
    ranked = sorted(fit.items(), key=lambda c: (-c[1], c[0]))
    return ranked[0][0] if ranked else ELOQUENT


def _names_guesser(facts: Facts) -> bool:
    providers = (f for f in facts.project.files if "provider" in f.lower() or "testcase" in f.lower())
    return any("guessFactoryNamesUsing" in text_of(facts.project.root, f) for f in providers)


def class_for(table: str, eloquent: Eloquent) -> str:
    """The class name of a table's model, without what most class names of the project leave out of their tables' names ("ai_"),
    and with words spelled as they spell them ("AI")."""
    *words, last = table[len(_left_out(table, eloquent)) :].lower().split("_")
    spelled = _spellings(eloquent)
    return "".join(spelled.get(word, studly(word)) for word in (*words, singular(last)))


def _spellings(eloquent: Eloquent) -> dict[str, str]:
    """Words of tables' names as most classes spell them, where that is not as the framework would."""
    seen: Counter[tuple[str, str]] = Counter()
    for model in eloquent.models:
        *words, last = (model.table or "").lower().split("_")
        rest = model.short
        for word in (*words, singular(last)):
            if not rest.lower().startswith(word):
                break
            seen[word, rest[: len(word)]] += 1
            rest = rest[len(word) :]
    best: dict[str, str] = {}
    for (word, text), _ in sorted(seen.items(), key=lambda s: (s[1], s[0])):
        best[word] = text
    return best


def _left_out(table: str, eloquent: Eloquent) -> str:
    """The beginning of the table's name that models of tables with that beginning mostly leave out."""
    words = table.lower().split("_")
    for count in range(1, len(words)):
        prefix = "_".join(words[:count]) + "_"
        others = [
            m for m in eloquent.models if not m.abstract and m.table and m.table.lower().startswith(prefix)
        ]
        without = sum(table_of(m.short).replace("_", "") == _joined(m, prefix) for m in others)
        if without and 2 * without > len(others):
            return prefix
    return ""


def _joined(model: Model, prefix: str) -> str:
    return (model.table or "").lower()[len(prefix) :].replace("_", "")
