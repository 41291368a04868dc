"""What every method of the framework's builders does to a query: a table, from reference/laravel-queries.md, section 2.

A name that is missing here is a scope, a macro or a method of the application; `interpret` looks for those itself."""

from __future__ import annotations

from typing import Literal

from trueup.model.queries import QueryKind
from trueup.structs import Struct

How = Literal[
    "where",
    "where_column",
    "where_list",
    "where_null",
    "where_between",
    "where_between_columns",
    "where_date",
    "where_all",
    "where_now",
    "where_raw",
    "where_sub",
    "where_json",
    "where_key",
    "where_exists",
    "where_not",
    "where_multi",
]


class Filter(Struct, frozen=True):
    """A filter method: how its arguments are laid out, the operator it implies, the function it puts over the column."""

    how: How
    operator: str = "="
    function: str = ""


_FILTERS: dict[str, Filter] = {
    "where": Filter("where"),
    "whereNot": Filter("where_not", "!="),
    "whereColumn": Filter("where_column"),
    "whereIn": Filter("where_list", "in"),
    "whereNotIn": Filter("where_list", "not in"),
    "whereIntegerInRaw": Filter("where_list", "in"),
    "whereIntegerNotInRaw": Filter("where_list", "not in"),
    "whereNull": Filter("where_null", "is null"),
    "whereNotNull": Filter("where_null", "is not null"),
    "whereBetween": Filter("where_between", "between"),
    "whereNotBetween": Filter("where_between", "not between"),
    "whereBetweenColumns": Filter("where_between_columns", "between"),
    "whereNotBetweenColumns": Filter("where_between_columns", "not between"),
    "whereDate": Filter("where_date", "=", "date"),
    "whereTime": Filter("where_date", "=", "time"),
    "whereDay": Filter("where_date", "=", "day"),
    "whereMonth": Filter("where_date", "=", "month"),
    "whereYear": Filter("where_date", "=", "year"),
    "wherePast": Filter("where_now", "<"),
    "whereFuture": Filter("where_now", ">"),
    "whereNowOrPast": Filter("where_now", "<="),
    "whereNowOrFuture": Filter("where_now", ">="),
    "whereToday": Filter("where_now", "=", "date"),
    "whereBeforeToday": Filter("where_now", "<", "date"),
    "whereAfterToday": Filter("where_now", ">", "date"),
    "whereTodayOrBefore": Filter("where_now", "<=", "date"),
    "whereTodayOrAfter": Filter("where_now", ">=", "date"),
    "whereLike": Filter("where_sub", "like"),
    "whereNotLike": Filter("where_sub", "not like"),
    "whereBinary": Filter("where_sub", "="),
    "whereNotBinary": Filter("where_sub", "!="),
    "whereNullSafeEquals": Filter("where_sub", "<=>"),
    "whereAll": Filter("where_all"),
    "whereAny": Filter("where_all"),
    "whereNone": Filter("where_all", "!="),
    "whereRowValues": Filter("where_multi"),
    "whereJsonContains": Filter("where_json", "json contains"),
    "whereJsonDoesntContain": Filter("where_json", "json contains"),
    "whereJsonOverlaps": Filter("where_json", "json overlaps"),
    "whereJsonDoesntOverlap": Filter("where_json", "json overlaps"),
    "whereJsonContainsKey": Filter("where_json", "json key"),
    "whereJsonDoesntContainKey": Filter("where_json", "json key"),
    "whereJsonLength": Filter("where_json", "json length"),
    "whereFullText": Filter("where_null", "match"),
    "whereExists": Filter("where_exists"),
    "whereNotExists": Filter("where_exists"),
    "whereRaw": Filter("where_raw"),
    "whereKey": Filter("where_key"),
    "whereKeyNot": Filter("where_key", "!="),
    "having": Filter("where"),
    "havingNull": Filter("where_null", "is null"),
    "havingNotNull": Filter("where_null", "is not null"),
    "havingBetween": Filter("where_between", "between"),
    "havingNotBetween": Filter("where_between", "not between"),
    "havingRaw": Filter("where_raw"),
    "on": Filter("where_column"),
    "joinWhere": Filter("where"),
    "wherePivot": Filter("where"),
    "wherePivotIn": Filter("where_list", "in"),
    "wherePivotNotIn": Filter("where_list", "not in"),
    "wherePivotNull": Filter("where_null", "is null"),
    "wherePivotNotNull": Filter("where_null", "is not null"),
    "wherePivotBetween": Filter("where_between", "between"),
    "wherePivotNotBetween": Filter("where_between", "not between"),
    "firstWhere": Filter("where"),
}


def filter_of(method: str) -> tuple[Filter, bool] | None:
    """The filter that a method is, and whether it is OR-ed; case does not matter, as in PHP."""
    found = _BY_LOWER.get(method.lower())
    if found is not None:
        return found, False
    if method.lower().startswith("or"):
        found = _BY_LOWER.get(method[2:].lower())
        return (found, True) if found else None
    return None


_BY_LOWER = {name.lower(): what for name, what in _FILTERS.items()}


class Terminal(Struct, frozen=True):
    """A method that runs the query. `gives`: what its value is. `limit`: it limits the rows itself. `column`: its first argument is
    a column of this role ("" for none, "columns" for a select list)."""

    kind: QueryKind
    gives: Literal["rows", "row", "scalar", "many_scalars", "page", "builder", "nothing"]
    limit: bool = False
    column: Literal["", "columns", "select", "aggregate"] = ""


_TERMINALS: dict[str, Terminal] = {
    "get": Terminal("select", "rows", column="columns"),
    "all": Terminal("select", "rows", column="columns"),
    "getModels": Terminal("select", "rows", column="columns"),
    "first": Terminal("select", "row", True, "columns"),
    "firstOrFail": Terminal("select", "row", True, "columns"),
    "firstOr": Terminal("select", "row", True),
    "firstWhere": Terminal("select", "row", True),
    "find": Terminal("select", "row", True),
    "findOr": Terminal("select", "row", True),
    "findOrFail": Terminal("select", "row", True),
    "findOrNew": Terminal("select", "row", True),
    "findMany": Terminal("select", "rows"),
    "findSole": Terminal("select", "row", True),
    "sole": Terminal("select", "row", True, "columns"),
    "soleValue": Terminal("select", "scalar", True, "select"),
    "value": Terminal("select", "scalar", True, "select"),
    "valueOrFail": Terminal("select", "scalar", True, "select"),
    "rawValue": Terminal("select", "scalar", True),
    "pluck": Terminal("select", "many_scalars", column="select"),
    "modelKeys": Terminal("select", "many_scalars"),
    "implode": Terminal("select", "scalar", column="select"),
    "exists": Terminal("exists", "scalar", True),
    "doesntExist": Terminal("exists", "scalar", True),
    "existsOr": Terminal("exists", "scalar", True),
    "doesntExistOr": Terminal("exists", "scalar", True),
    "count": Terminal("aggregate", "scalar", column="aggregate"),
    "min": Terminal("aggregate", "scalar", column="aggregate"),
    "max": Terminal("aggregate", "scalar", column="aggregate"),
    "sum": Terminal("aggregate", "scalar", column="aggregate"),
    "avg": Terminal("aggregate", "scalar", column="aggregate"),
    "average": Terminal("aggregate", "scalar", column="aggregate"),
    "paginate": Terminal("select", "page", True),
    "simplePaginate": Terminal("select", "page", True),
    "cursorPaginate": Terminal("select", "page", True),
    "getCountForPagination": Terminal("aggregate", "scalar"),
    "chunk": Terminal("select", "nothing", True),
    "each": Terminal("select", "nothing", True),
    "chunkMap": Terminal("select", "nothing", True),
    "lazy": Terminal("select", "rows", True),
    "chunkById": Terminal("select", "nothing", True),
    "chunkByIdDesc": Terminal("select", "nothing", True),
    "eachById": Terminal("select", "nothing", True),
    "lazyById": Terminal("select", "rows", True),
    "lazyByIdDesc": Terminal("select", "rows", True),
    "orderedChunkById": Terminal("select", "nothing", True),
    "cursor": Terminal("select", "rows"),
    "insert": Terminal("insert", "scalar"),
    "insertOrIgnore": Terminal("insert", "scalar"),
    "insertGetId": Terminal("insert", "scalar"),
    "insertUsing": Terminal("insert", "scalar"),
    "insertOrIgnoreUsing": Terminal("insert", "scalar"),
    "fillAndInsert": Terminal("insert", "scalar"),
    "fillAndInsertOrIgnore": Terminal("insert", "scalar"),
    "fillAndInsertGetId": Terminal("insert", "scalar"),
    "update": Terminal("update", "scalar"),
    "updateFrom": Terminal("update", "scalar"),
    "updateOrInsert": Terminal("upsert", "scalar"),
    "upsert": Terminal("upsert", "scalar"),
    "increment": Terminal("update", "scalar"),
    "decrement": Terminal("update", "scalar"),
    "incrementEach": Terminal("update", "scalar"),
    "decrementEach": Terminal("update", "scalar"),
    "touch": Terminal("update", "scalar"),
    "delete": Terminal("delete", "scalar"),
    "forceDelete": Terminal("delete", "scalar"),
    "restore": Terminal("update", "scalar"),
    "truncate": Terminal("truncate", "nothing"),
    "create": Terminal("insert", "row"),
    "createQuietly": Terminal("insert", "row"),
    "forceCreate": Terminal("insert", "row"),
    "forceCreateQuietly": Terminal("insert", "row"),
    "createMany": Terminal("insert", "rows"),
    "createManyQuietly": Terminal("insert", "rows"),
    "firstOrCreate": Terminal("upsert", "row"),
    "createOrFirst": Terminal("upsert", "row"),
    "updateOrCreate": Terminal("upsert", "row"),
    "incrementOrCreate": Terminal("upsert", "row"),
    "firstOrNew": Terminal("select", "row", True),
    "attach": Terminal("insert", "nothing"),
    "detach": Terminal("delete", "scalar"),
    "sync": Terminal("upsert", "scalar"),
    "syncWithoutDetaching": Terminal("upsert", "scalar"),
    "syncWithPivotValues": Terminal("upsert", "scalar"),
    "toggle": Terminal("upsert", "scalar"),
    "updateExistingPivot": Terminal("update", "scalar"),
    "explain": Terminal("select", "rows"),
}

_TERMINAL_BY_LOWER = {name.lower(): (name, what) for name, what in _TERMINALS.items()}


def terminal_of(method: str) -> tuple[str, Terminal] | None:
    """The canonical name of a method that runs the query, and what it does."""
    return _TERMINAL_BY_LOWER.get(method.lower())


ELOQUENT_ONLY = frozenset(
    {
        "all",
        "create",
        "createquietly",
        "forcecreate",
        "forcecreatequietly",
        "createmany",
        "createmanyquietly",
        "firstorcreate",
        "createorfirst",
        "updateorcreate",
        "incrementorcreate",
        "firstornew",
        "forcedelete",
        "restore",
        "touch",
        "findornew",
        "firstwhere",
        "fillandinsert",
        "fillandinsertorignore",
        "fillandinsertgetid",
        "getmodels",
        "modelkeys",
    }
)
PIVOT_TERMINALS = frozenset(
    {
        "attach",
        "detach",
        "sync",
        "syncwithoutdetaching",
        "syncwithpivotvalues",
        "toggle",
        "updateexistingpivot",
    }
)

# Methods that change the query and return it, without naming columns.
NEUTRAL = frozenset(
    name.lower()
    for name in (
        "query",
        "newQuery",
        "newModelQuery",
        "newQueryWithoutScopes",
        "newQueryWithoutRelationships",
        "toBase",
        "getQuery",
        "lock",
        "lockForUpdate",
        "sharedLock",
        "useWritePdo",
        "on",
        "onWriteConnection",
        "without",
        "withOnly",
        "withoutEagerLoad",
        "withoutEagerLoads",
        "withTrashed",
        "withoutTrashed",
        "onlyTrashed",
        "withoutGlobalScope",
        "withoutGlobalScopes",
        "withGlobalScope",
        "applyScopes",
        "withCasts",
        "withAttributes",
        "as",
        "withTimestamps",
        "using",
        "withDefault",
        "chaperone",
        "useIndex",
        "forceIndex",
        "ignoreIndex",
        "timeout",
        "beforeQuery",
        "afterQuery",
        "addBinding",
        "setBindings",
        "mergeBindings",
        "inRandomOrder",
        "dd",
        "dump",
        "ddRawSql",
        "dumpRawSql",
        "setEagerLoads",
        "reorder",
        "usingConnection",
        "fetchUsing",
        "setModel",
        "onDelete",
        "onClone",
        "afterCreating",
    )
)
LIMITS = frozenset({"limit", "take", "forpage", "forpagebeforeid", "forpageafterid"})
OFFSETS = frozenset({"offset", "skip", "forpage"})
SORTS = {
    "orderby": False,
    "orderbydesc": True,
    "latest": True,
    "oldest": False,
    "reorder": False,
    "reorderdesc": True,
}
SELECTS = frozenset({"select", "addselect"})
JOINS = frozenset({"join", "leftjoin", "rightjoin", "innerjoin", "crossjoin", "straightjoin"})
JOIN_WHERES = frozenset({"joinwhere", "leftjoinwhere", "rightjoinwhere", "straightjoinwhere"})
SUB_JOINS = frozenset(
    {
        "joinsub",
        "leftjoinsub",
        "rightjoinsub",
        "crossjoinsub",
        "straightjoinsub",
        "joinlateral",
        "leftjoinlateral",
    }
)
EXISTENCE = {
    name.lower(): where
    for name, where in {
        "has": 0,
        "orHas": 0,
        "doesntHave": 1,
        "orDoesntHave": 1,
        "whereHas": 1,
        "orWhereHas": 1,
        "whereDoesntHave": 1,
        "orWhereDoesntHave": 1,
        "withWhereHas": 1,
    }.items()
}
RELATION_FILTERS = frozenset(
    {
        "whererelation",
        "orwhererelation",
        "wheredoesnthaverelation",
        "orwheredoesnthaverelation",
        "withwhererelation",
    }
)
EAGER = frozenset({"with", "load", "loadmissing", "withcount", "loadcount", "withexists", "loadexists"})
AGGREGATES = frozenset(
    {"withmax", "withmin", "withsum", "withavg", "withaggregate", "loadmax", "loadmin", "loadsum", "loadavg"}
)
NOT_SQL = frozenset(
    name.lower()
    for name in (
        "toSql",
        "toRawSql",
        "getBindings",
        "getRawBindings",
        "getConnection",
        "getGrammar",
        "getModel",
        "getTable",
        "getRelated",
        "getParent",
        "qualifyColumn",
        "getForeignKeyName",
        "getQualifiedKeyName",
        "getKeyName",
        "getEagerLoads",
        "getLimit",
        "getOffset",
        "getProcessor",
        "getColumns",
        "getRelation",
        "getMacro",
        "hasMacro",
        "getForeignKey",
        "hydrate",
        "newModelInstance",
        "make",
        "makeMany",
        "associate",
        "dissociate",
        "raw",
        "newInstance",
    )
)
INSTANCE_WRITES = frozenset({"save", "saveorfail", "savequietly", "push", "pushquietly", "saveorignore"})
INSTANCE_DELETES = frozenset({"delete", "deletequietly", "deleteorfail", "forcedelete", "forcedeletequietly"})
