"""doctrine/dbal's schema manager, which migrations before 11 ask for indexes and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.schema import Column, ForeignKey, Index, Table
from trueup.sources.laravel.migrations.fluent import FrameworkError
from trueup.sources.laravel.migrations.grammar.dbal import check_indexes
from trueup.sources.laravel.migrations.grammar.doctrine import read_column
from trueup.sources.laravel.runtime.errors import framework_throw
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

_READ_INDEXES = ("listtableindexes", "listtabledetails", "introspecttable")


class SchemaManager(HostObject):
    """The schema manager and, near enough, the connection and platform that lead to it."""

    __slots__ = ("host",)

    def __init__(self, host: LaravelHost) -> None:
        self.host = host

    @property
    def php_class(self) -> str:
        return "Doctrine\\DBAL\\Schema\\AbstractSchemaManager"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        known = args.known()
        if known is not None:
            return known
        name = args.get(0)
        match method.lower():
            case "getdatabaseplatform" | "getschemamanager" | "createschemamanager" | "getconfiguration":
                return self
            case "registerdoctrinetypemapping" | "markdoctrinetypecommented":
                return None
            case "listtablenames":
                return PhpArray(self.host.world.server.table_names())
            case "tablesexist":
                names = name.values() if isinstance(name, PhpArray) else [name]
                return all(self.host.world.server.has_table(str(n)) for n in names)
            case (
                "listtableindexes"
                | "listtablecolumns"
                | "listtableforeignkeys"
                | "listtabledetails"
                | "introspecttable"
            ):
                return self._of_table(method.lower(), str(name), ctx)
        return MISSING

    def _of_table(self, method: str, name: str, ctx: Context) -> Value:
        table = self.host.world.table(name)
        if table is not None and self.host.world.settings.driver == "sqlite" and method in _READ_INDEXES:
            try:
                check_indexes(table)
            except FrameworkError as error:
                raise framework_throw(error, ctx.at, ctx) from None
        if method in ("listtabledetails", "introspecttable"):
            return TableDetails(self.host, name, table)
        if table is None:
            return PhpArray()
        if method == "listtableindexes":
            return indexes(table)
        if method == "listtableforeignkeys":
            return PhpArray([ForeignKeyObject(k) for k in table.foreign_keys])
        return PhpArray.of([(c.name.lower(), ColumnObject(self.host, c)) for c in table.columns])


def indexes(table: Table) -> PhpArray:
    return PhpArray.of([("primary" if i.primary else i.name.lower(), IndexObject(i)) for i in table.indexes])


def doctrine_column(host: LaravelHost, table: str, column: str, ctx: Context) -> Value:
    found = host.world.table(table)
    real = found.column(column) if found else None
    if real is None:
        error = FrameworkError(
            "Doctrine\\DBAL\\Schema\\Exception\\ColumnDoesNotExist",
            f'There is no column with name "{column}" on table "{table}".',
        )
        raise framework_throw(error, ctx.at, ctx)
    return ColumnObject(host, real)


class TableDetails(HostObject):
    __slots__ = ("host", "name", "table")

    def __init__(self, host: LaravelHost, name: str, table: Table | None) -> None:
        self.host = host
        self.name = name
        self.table = table

    @property
    def php_class(self) -> str:
        return "Doctrine\\DBAL\\Schema\\Table"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        known = args.known()
        if known is not None:
            return known
        table, wanted = self.table, str(args.get(0)).lower()
        match method.lower():
            case "getname":
                return self.name
            case "hasindex":
                return table is not None and any(_index_name(i) == wanted for i in table.indexes)
            case "hascolumn":
                return table is not None and table.column(wanted) is not None
            case "hasforeignkey":
                return table is not None and any((k.name or "").lower() == wanted for k in table.foreign_keys)
            case "hasprimarykey":
                return table is not None and table.primary_key is not None
            case "getindexes":
                return indexes(table) if table is not None else PhpArray()
            case "getforeignkeys":
                return (
                    PhpArray([ForeignKeyObject(k) for k in table.foreign_keys])
                    if table is not None
                    else PhpArray()
                )
            case "getcolumns":
                columns = table.columns if table is not None else ()
                return PhpArray.of([(c.name.lower(), ColumnObject(self.host, c)) for c in columns])
            case "getcolumn":
                return doctrine_column(self.host, self.name, wanted, ctx)
            case "getindex" | "getprimarykey":
                found = next(
                    (
                        i
                        for i in (table.indexes if table else ())
                        if _index_name(i) == wanted or (method.lower() == "getprimarykey" and i.primary)
                    ),
                    None,
                )
                return IndexObject(found) if found is not None else None
        return MISSING


def _index_name(index: Index) -> str:
    return "primary" if index.primary else index.name.lower()


class IndexObject(HostObject):
    __slots__ = ("index",)

    def __init__(self, index: Index) -> None:
        self.index = index

    @property
    def php_class(self) -> str:
        return "Doctrine\\DBAL\\Schema\\Index"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        match method.lower():
            case "getname":
                return "PRIMARY" if self.index.primary else self.index.name
            case "getcolumns" | "getunquotedcolumns":
                return PhpArray(self.index.columns)
            case "isunique":
                return self.index.unique or self.index.primary
            case "isprimary":
                return self.index.primary
        return MISSING


class ForeignKeyObject(HostObject):
    __slots__ = ("key",)

    def __init__(self, key: ForeignKey) -> None:
        self.key = key

    @property
    def php_class(self) -> str:
        return "Doctrine\\DBAL\\Schema\\ForeignKeyConstraint"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        match method.lower():
            case "getname":
                return self.key.name or ""
            case "getlocalcolumns" | "getcolumns" | "getunquotedlocalcolumns":
                return PhpArray(self.key.columns)
            case "getforeigncolumns":
                return PhpArray(self.key.foreign_columns)
            case "getforeigntablename":
                return self.key.foreign_table
        return MISSING


class ColumnObject(HostObject):
    __slots__ = ("column", "host")

    def __init__(self, host: LaravelHost, column: Column) -> None:
        self.host = host
        self.column = column

    @property
    def php_class(self) -> str:
        return "Doctrine\\DBAL\\Schema\\Column"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        try:
            column = read_column(self.column, self.host.world.settings.driver)
        except FrameworkError as error:
            raise framework_throw(error, ctx.at, ctx) from None
        match method.lower():
            case "getname":
                return self.column.name
            case "gettype":
                return TypeObject(column.type)
            case "getnotnull":
                return column.notnull
            case "getlength":
                return column.length
            case "getunsigned":
                return column.unsigned
            case "getautoincrement":
                return column.autoincrement
            case "getdefault":
                return self.column.default
            case "getcomment":
                return column.comment
            case "getprecision":
                return column.precision
            case "getscale":
                return column.scale
        return ctx.unknown(f"doctrine's {method}()")


class TypeObject(HostObject):
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def php_class(self) -> str:
        return f"Doctrine\\DBAL\\Types\\{self.name.capitalize()}Type"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return self.name if method.lower() == "getname" else MISSING

    def to_string(self, ctx: Context) -> str | Unknown | None:
        return self.name
