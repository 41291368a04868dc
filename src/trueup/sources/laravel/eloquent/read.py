"""All that Eloquent's side of a project says: `read_eloquent`."""

from __future__ import annotations

import re

from trueup.model.eloquent import Attribute, Eloquent, EnumClass, Factory, Model, Relation, TableUse, TestFile
from trueup.model.locations import Gap, Location
from trueup.model.project import Project
from trueup.sources.laravel.declared import Declared
from trueup.sources.laravel.eloquent.bases import ELOQUENT, NOT_SQL, SUSHI, Base, base_of, looks_like_model
from trueup.sources.laravel.eloquent.classes import ClassIndex, sources
from trueup.sources.laravel.eloquent.config import ConfigFiles
from trueup.sources.laravel.eloquent.factories import FactoryReader, factory_of
from trueup.sources.laravel.eloquent.lineage import Layer, Lineage, lineage_of
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.models import ReadModel, read_model
from trueup.sources.laravel.eloquent.providers import SIGNS, registrations, vendor_statics
from trueup.sources.laravel.eloquent.relation_calls import RelationCall, relation_call
from trueup.sources.laravel.eloquent.relations import Resolver
from trueup.sources.laravel.eloquent.tests import Suite
from trueup.sources.laravel.eloquent.usages import CREATIONS, Usages, creations, global_settings
from trueup.sources.laravel.memory import Fact, Facts, Memory, digest, digest_of, on_files
from trueup.sources.php import tree
from trueup.structs import Struct, field, replace

_RELATION_CLASS = re.compile(
    r"(?:BelongsTo|HasOne|HasMany|BelongsToMany|MorphTo|MorphOne|MorphMany|MorphToMany|HasOneThrough|HasManyThrough|Relation)$"
)
_RELATIONS = ELOQUENT + "Relations\\"
_EVIDENCE = re.compile(
    rb"\$(?:table|fillable|casts|guarded|primaryKey|hidden)\b|->(?:belongsTo|hasMany|hasOne|belongsToMany|morph\w+)\(|HasFactory"
)
_UNREAD_FORMS = (
    (b"$factory->define(", "factories in the form of Laravel 7 and before are not read"),
    (b"::resolveRelationUsing(", "a relation that is added at run time is not read"),
)
_TEST_FOLDERS = frozenset({"tests", "test", "stubs", "workbench", "testing", "fixtures"})


def read_eloquent(
    project: Project, before: Eloquent | None = None, memory: Memory | None = None
) -> tuple[Eloquent, tuple[Gap, ...]]:
    """Models, factories, tests and the tables that code names. Nothing is executed; what can't be read is a gap. `before`: what was
    read before of code that named the same tables in the same places; tests and uses of tables are those then. The uses of each
    file are kept in `memory`."""
    reading = _Reading(project, ClassIndex(project.root), before, memory)
    found = reading.run()
    del reading._literals  # it holds the reading, which would keep every text until a search for garbage
    return found


class _Reading(Struct):
    """One reading of one project, step by step."""

    project: Project
    index: ClassIndex
    before: Eloquent | None = None
    memory: Memory | None = None
    gaps: list[Gap] = field(default_factory=list)
    models: dict[str, ReadModel] = field(default_factory=dict)
    _config: ConfigFiles = field(init=False)
    _literals: Literals = field(init=False)
    _texts: list[tuple[str, bytes]] = field(default_factory=list)
    _calls: dict[str, dict[str, RelationCall]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _observed: dict[str, tuple[Attribute, ...]] = field(default_factory=dict)
    _dev_folders: tuple[str, ...] = ()
    _settings: list[Attribute] = field(default_factory=list)

    def run(self) -> tuple[Eloquent, tuple[Gap, ...]]:
        self._config = ConfigFiles(self.index.parsed)
        self._dev_folders = _development_folders(self.project)
        self._literals = Literals(self.index, self._config, self._table_of)
        providers = self._scan()
        self._literals.statics.update(vendor_statics(providers, self._literals))
        aliases, self._observed = registrations(providers, self._literals)
        self._read_models()
        related = self._with_relations()
        factories, factory_gaps = self._factories()
        self.gaps += factory_gaps
        models = [self._finished(m, factories, aliases) for m in related]
        before = self.before
        uses, tests = ((*before.uses, *before.creations), before.tests) if before else self._usages()
        eloquent = Eloquent(
            models=tuple(m for m in models if not self._is_test(m.at.file)),
            factories=factories,
            tests=tests,
            uses=tuple(u for u in uses if u.kind not in CREATIONS),
            creations=tuple(u for u in uses if u.kind in CREATIONS),
            enums=self._enums(),
            global_settings=tuple(sorted(self._settings, key=lambda a: (a.name, a.at))),
            test_models=tuple(m for m in models if self._is_test(m.at.file)),
        )
        return eloquent, tuple(sorted({*self.gaps, *self.index.gaps, *self.index.parse_gaps()}))

    def _scan(self) -> list[str]:
        """One pass over the text of every file: classes, config files, providers, and texts that may name tables."""
        providers: list[str] = []
        for file, source in sources(self.project, self.project.files, self.gaps):
            self.index.add(file, source)
            self._config.add(file)
            if b"mergeConfigFrom" in source:
                self._config.add_merges(file, source)
            if any(sign in source for sign in SIGNS):
                providers.append(file)
            if not self._is_test(file):
                self._settings += global_settings(file, source)
            self._note_unread(file, source)
            self._texts.append((file, source))
        return providers

    def _note_unread(self, file: str, source: bytes) -> None:
        """Factories and relations in forms that are not read."""
        for sign, what in _UNREAD_FORMS:
            position = source.find(sign)
            if position >= 0:
                line = source.count(b"\n", 0, position) + 1
                self.gaps.append(Gap(Location(file, line), what, "unread-form"))

    # models

    def _read_models(self) -> None:
        for declared in sorted(self.index.declared.values(), key=lambda d: d.name):
            self._read(declared)

    def _read(self, declared: Declared) -> ReadModel | None:
        """Reads a class if it is a model; each once."""
        key = declared.name.lower()
        if key in self.models:
            return self.models[key]
        base = self._base(declared)
        if base is None or key in self._asked:
            return None
        self._asked.add(key)
        lineage = lineage_of(declared.name, self.index)
        if lineage is None or lineage.uses_trait(SUSHI):
            return None
        major = self.project.major
        found = read_model(lineage, base, self._literals, major, self._observed.get(key, ()))
        self.models[key] = found
        if not self._is_test(declared.file):
            self.gaps += found.gaps
        return found

    def _base(self, declared: Declared) -> Base | None:
        """What the class inherits from outside the project, None where it is no model."""
        ancestors = self.index.ancestors(declared.name) if declared.kind == "class" else ()
        if not ancestors or ancestors[-1].lower().startswith(NOT_SQL):
            return None
        known = base_of(ancestors[-1])
        if known is not None:
            return known
        last = self.index.get(ancestors[-1])
        if last is None and looks_like_model(ancestors[-1]) and self._has_evidence(declared):
            return Base()
        return None

    def _has_evidence(self, declared: Declared) -> bool:
        """An unknown parent by the name of a model is believed only where the class itself looks like one."""
        source = self.index.parsed(declared.file).source
        start = source.find(b"class " + declared.name.rsplit("\\", 1)[-1].encode("utf-8", "surrogateescape"))
        return bool(_EVIDENCE.search(source, max(start, 0)))

    def _table_of(self, name: str) -> str | None:
        declared = self.index.get(name)
        found = self._read(declared) if declared else None
        if found is not None:
            return found.model.table
        base = base_of(name)
        return base.table if base else None

    def _model(self, name: str) -> Model | None:
        found = self.models.get(self.index.real_name(name.lstrip("\\")).lower())
        return found.model if found else None

    def _with_relations(self) -> list[Model]:
        for key, read in self.models.items():
            self._calls[key] = self._relation_calls(read.lineage)
        resolver = Resolver(self._literals, self._model, self._calls_of)
        finished: list[Model] = []
        for key, read in sorted(self.models.items()):
            relations = [resolver.relation(c, read.model, read.lineage) for c in self._calls[key].values()]
            finished.append(self._related(read, relations))
        return finished

    def _related(self, read: ReadModel, relations: list[Relation]) -> Model:
        """The relations in order of writing; one whose class can't be told is a gap."""
        unreadable = self._unread_relations(read.lineage, {r.method for r in relations})
        calls = self._calls[read.model.name.lower()]
        for relation in relations:
            if not relation.related and relation.kind != "morphTo":
                owner = calls[relation.method.lower()].layer.decl.short
                reason = f"{owner}::{relation.method}(): the related class can't be told"
                unreadable.append(Gap(relation.at, reason, "relation"))
        if not self._is_test(read.model.at.file):
            self.gaps += unreadable
        unknown = (*read.model.unknown, "relations") if unreadable else read.model.unknown
        ordered = tuple(sorted(relations, key=lambda r: (r.at, r.method)))
        return replace(read.model, relations=ordered, unknown=unknown)

    def _calls_of(self, name: str) -> dict[str, RelationCall]:
        return self._calls.get(self.index.real_name(name).lower(), {})

    def _relation_calls(self, lineage: Lineage) -> dict[str, RelationCall]:
        found: dict[str, RelationCall] = {}
        for method, layer in lineage.methods():
            if method.static or any(p.default is None and not p.variadic for p in method.params):
                continue
            if method.return_type and not self._says_relation(method, layer):
                continue
            call = relation_call(method, layer, lineage)
            if call is not None:
                found[method.name.lower()] = call
        return found

    def _says_relation(self, method: tree.FunctionDecl, layer: Layer) -> bool:
        """Whether the declared return type is that of a relation."""
        parts = re.split(r"[?|&()\s]+", method.return_type)
        parsed = self.index.parsed(layer.decl.file)
        return any(self._is_relation_class(parsed.resolve(part).full) for part in parts if part)

    def _is_relation_class(self, name: str) -> bool:
        short = name.rsplit("\\", 1)[-1]
        if name.startswith(_RELATIONS) or _RELATION_CLASS.search(short):
            return True
        return any(a.startswith(_RELATIONS) for a in self.index.ancestors(name))

    def _unread_relations(self, lineage: Lineage, read: set[str]) -> list[Gap]:
        """Methods that say by their type that they return a relation, but can't be read."""
        gaps: list[Gap] = []
        for method, layer in lineage.methods():
            if method.name in read or method.params or method.static or method.abstract:
                continue
            if method.return_type and self._says_relation(method, layer):
                at = Location(layer.decl.file, method.line)
                reason = f"{layer.decl.short}::{method.name}(): what relation it is can't be told"
                gaps.append(Gap(at, reason, "relation"))
        return gaps

    # the rest

    def _app_namespace(self) -> str:
        """The application's root namespace: that of app/, else the framework's default."""
        found = (a.prefix for a in self.project.autoload if a.path.rstrip("/") == "app" and a.prefix)
        return next(found, "App\\")

    def _factories(self) -> tuple[tuple[Factory, ...], tuple[Gap, ...]]:
        reader = FactoryReader(self._literals, lambda n: self._model(n) is not None, self._app_namespace())
        return reader.read_all()

    def _finished(self, model: Model, factories: tuple[Factory, ...], aliases: dict[str, str]) -> Model:
        by_model = {f.model.lower(): f.name for f in reversed(factories) if f.model}
        read = self.models[model.name.lower()]
        factory = by_model.get(model.name.lower())
        if read.has_factory:
            app = self._app_namespace()
            factory = factory_of(read.lineage, self._literals, by_model, self.index, app)
        return replace(model, factory=factory, morph_alias=aliases.get(model.name.lower(), ""))

    def _usages(self) -> tuple[tuple[TableUse, ...], tuple[TestFile, ...]]:
        shorts = frozenset(r.model.short.encode("utf-8", "surrogateescape") for r in self.models.values())
        usages = Usages(self._declared_model, self._table_of, shorts)
        texts = dict(self._texts)
        suite = Suite.of(self.index, [(f, s) for f, s in self._texts if self._is_test(f)])
        brings = {f: self._is_test(f) and suite.brings_database(f) for f in texts}

        def state_of(kind: str, name: str) -> str:
            return digest_of(texts[name]) if kind == "file" else str(brings[name])

        def fact_of(file: str) -> Fact[tuple[tuple[TableUse, ...], TestFile | None]]:
            on = (*on_files((file,), state_of), ("suite", file, state_of("suite", file)))
            in_test = self._is_test(file)
            made = tuple(creations(file, texts[file], in_test=in_test))
            if in_test:
                return Fact((made, usages.test(file, texts[file], brings[file])), on)
            return Fact(((*usages.uses(file, texts[file]), *made), None), on)

        whole = self._state() if self.memory is not None else ""
        facts: Facts[tuple[tuple[TableUse, ...], TestFile | None]] = Facts(self.memory, "uses", whole)
        found = facts.of(list(texts), state_of, fact_of, lambda files: 1)
        uses = [use for used, _ in found for use in used]
        tests = [test for _, test in found if test is not None]
        ordered = sorted(set(uses), key=lambda u: (u.at, u.table, u.kind, u.columns))
        return tuple(ordered), tuple(sorted(tests, key=lambda t: t.path))

    def _state(self) -> str:
        """A digest of what the uses in every file hang on: which classes there are, and the models' tables."""
        tables = sorted((r.model.name, r.model.short, r.model.table) for r in self.models.values())
        classes = list(self.index.declared.values())
        return digest(tables, classes, sorted(self.index.aliases.items()), self._dev_folders)

    def _declared_model(self, name: str) -> str:
        model = self._model(name)
        return model.name if model else ""

    def _enums(self) -> tuple[EnumClass, ...]:
        found: list[EnumClass] = []
        for declared in self.index.declared.values():
            decl = self.index.find(declared.name) if declared.kind == "enum" and declared.backing else None
            if decl is None:
                continue
            scope = Scope(decl.file)
            values = ((c.name, self._literals.value(c.value, scope)) for c in decl.cases.values())
            cases = tuple((name, str(value)) for name, value in values if isinstance(value, str | int))
            found.append(EnumClass(decl.name, Location(decl.file, decl.line), decl.backing, cases))
        return tuple(sorted(found, key=lambda e: e.name))

    def _is_test(self, file: str) -> bool:
        """Under a development path of the autoloader, or a folder that by its name holds test code."""
        if not _TEST_FOLDERS.isdisjoint(file.lower().split("/")[:-1]):
            return True
        return file.startswith(self._dev_folders)


def _development_folders(project: Project) -> tuple[str, ...]:
    """Folders that composer loads for development only, factories apart; "app/" is none although it may be listed there too."""
    real = tuple(f"{a.path.rstrip('/')}/" for a in project.autoload if not a.dev)
    dev = {f"{a.path.rstrip('/')}/" for a in project.autoload if a.dev}
    return tuple(
        sorted(d for d in dev if "factories" not in d.lower() and not any(r.startswith(d) for r in real))
    )
