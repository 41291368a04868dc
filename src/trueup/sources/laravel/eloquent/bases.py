"""The framework's and well-known packages' own models: what a project's class inherits from code that is not the project's."""

from __future__ import annotations

from trueup.sources.laravel.inflection import singular, snake, table_of
from trueup.structs import Struct

ELOQUENT = "Illuminate\\Database\\Eloquent\\"
MODEL = ELOQUENT + "Model"
PIVOT = ELOQUENT + "Relations\\Pivot"
MORPH_PIVOT = ELOQUENT + "Relations\\MorphPivot"


class Base(Struct, frozen=True):
    """What a class outside the project gives to those that extend it. `table` None: theirs by rule. `open`: nothing is guarded."""

    table: str | None = None
    inherited: bool = True
    """Whether the class says its table, so that those that extend it have it too; else it has it by rule, and they theirs."""
    setting: str = ""
    """The key of the configuration in which the application may name another table."""
    key: str = "id"
    key_type: str = "int"
    incrementing: bool = True
    timestamps: bool = True
    open: bool = False
    pivot: bool = False
    morph_pivot: bool = False
    """Its table is singular up to 12, and plural from 13."""
    casts: tuple[tuple[str, str], ...] = ()


_PLAIN = Base()
_STRING_KEY = Base(key_type="string", incrementing=False)

BASES: dict[str, Base] = {
    MODEL.lower(): _PLAIN,
    "eloquent": _PLAIN,
    "illuminate\\foundation\\auth\\user": _PLAIN,
    PIVOT.lower(): Base(incrementing=False, open=True, pivot=True),
    MORPH_PIVOT.lower(): Base(incrementing=False, open=True, morph_pivot=True),
    "illuminate\\notifications\\databasenotification": Base(
        "notifications",
        key_type="string",
        incrementing=False,
        open=True,
        casts=(("data", "array"), ("read_at", "datetime")),
    ),
    "laravel\\sanctum\\personalaccesstoken": Base("personal_access_tokens", inherited=False),
    "laravel\\passport\\token": Base("oauth_access_tokens", key_type="string", incrementing=False, open=True),
    "laravel\\passport\\refreshtoken": Base(
        "oauth_refresh_tokens", key_type="string", incrementing=False, timestamps=False, open=True
    ),
    "laravel\\passport\\client": Base("oauth_clients", open=True),
    "laravel\\passport\\authcode": Base(
        "oauth_auth_codes", key_type="string", incrementing=False, timestamps=False, open=True
    ),
    "laravel\\passport\\personalaccessclient": Base("oauth_personal_access_clients", open=True),
    "laravel\\cashier\\subscription": Base("subscriptions", inherited=False, open=True),
    "laravel\\cashier\\subscriptionitem": Base("subscription_items", inherited=False, open=True),
    "laravel\\jetstream\\team": _PLAIN,
    "laravel\\jetstream\\membership": Base("team_user", pivot=True, open=True),
    "laravel\\jetstream\\teaminvitation": _PLAIN,
    "spatie\\permission\\models\\role": Base("roles", setting="permission.table_names.roles", open=True),
    "spatie\\permission\\models\\permission": Base(
        "permissions", setting="permission.table_names.permissions", open=True
    ),
    "spatie\\medialibrary\\medialibrary\\models\\media": Base("media", open=True),
    "spatie\\medialibrary\\mediacollections\\models\\media": Base("media", open=True),
    "spatie\\activitylog\\models\\activity": Base(
        "activity_log", setting="activitylog.table_name", open=True
    ),
    "spatie\\tags\\tag": Base("tags", inherited=False, open=True),
    "spatie\\webhookclient\\models\\webhookcall": Base("webhook_calls", inherited=False, open=True),
    "spatie\\laravelsettings\\models\\settingsproperty": Base("settings", open=True),
    "owenit\\auditing\\models\\audit": Base("audits", setting="audit.drivers.database.table", open=True),
    "stancl\\tenancy\\database\\models\\tenant": Base(
        "tenants", key_type="string", incrementing=False, open=True
    ),
    "stancl\\tenancy\\database\\models\\domain": Base("domains", inherited=False, open=True),
}

# Documents or files, not rows: these models have no table.
NOT_SQL = (
    "jenssegers\\mongodb\\",
    "mongodb\\laravel\\",
    "moloquent\\",
    "sushi\\",
    "pdphilip\\elasticsearch\\",
    "winter\\storm\\halcyon\\",
    "october\\rain\\halcyon\\",
)

# Models that every application has from its skeleton, although a package does not declare them.
SKELETON: dict[str, tuple[str, str]] = {"app\\models\\user": ("users", "id"), "app\\user": ("users", "id")}

UNIQUE_ID_TRAITS = frozenset(
    (ELOQUENT + "Concerns\\" + name).lower()
    for name in ("HasUuids", "HasUlids", "HasVersion4Uuids", "HasVersion7Uuids", "HasUniqueStringIds")
)
SOFT_DELETES = (ELOQUENT + "SoftDeletes").lower()
HAS_FACTORY = (ELOQUENT + "Factories\\HasFactory").lower()
SUSHI = "sushi\\sushi"


def base_of(name: str) -> Base | None:
    """What is known of a class outside the project, None where nothing is."""
    return BASES.get(name.lower())


def table_by_rule(class_name: str, base: Base, major: int) -> str:
    """`Model::getTable()` of a class without `$table`: plural, and for a pivot singular."""
    one = base.pivot or (base.morph_pivot and major <= 12)
    return snake(singular(class_name.rsplit("\\", 1)[-1])) if one else table_of(class_name)


def looks_like_model(name: str) -> bool:
    """Whether a class that is neither the project's nor known can only be a model, by its name and namespace."""
    lowered = name.lower()
    if lowered.startswith(NOT_SQL):
        return False
    short = lowered.rsplit("\\", 1)[-1]
    return (
        lowered in BASES
        or "\\eloquent\\model" in lowered
        or "\\models\\" in lowered
        or "\\model\\" in lowered
        or short in ("model", "basemodel", "eloquentmodel", "authenticatable")
    )


def proxied(name: str, parent: str) -> str:
    """The model that a proxy of konekt/concord stands for ("A\\FooProxy": "A\\Foo"), "" for any other class. Such a proxy passes
    static calls on to the model, and `modelClass()` names it: itself unless the application registers another."""
    is_proxy = parent.lower().lstrip("\\") == "konekt\\concord\\proxies\\modelproxy"
    return name.removesuffix("Proxy") if is_proxy and name.endswith("Proxy") else ""
