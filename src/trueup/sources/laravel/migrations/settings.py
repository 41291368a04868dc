"""What decides how one and the same migration is built: framework, driver, connection, provider settings."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.structs import Struct, field


class Settings(Struct):
    """The framework's statics and the connection's configuration. Mutable, because migrations and providers set some of
    them (`Schema::defaultStringLength(191)`).

    `dbal`: doctrine/dbal is installed (decides `change()` before 11). `native`: asked for by
    `Schema::useNativeSchemaOperationsIfPossible()`."""

    driver: Driver
    major: int = 12
    server_version: str = ""
    maria: bool = True
    dbal: bool = False
    native: bool = False
    default_string_length: int = 255
    default_time_precision: int | None = 0
    default_morph_key_type: str = "int"
    prefix: str = ""
    prefix_indexes: bool = False
    charset: str | None = None
    collation: str | None = None
    engine: str | None = None
    native_json: bool = False
    native_jsonb: bool = False
    dbal_types: dict[str, str] = field(default_factory=dict)
    """Types registered with doctrine/dbal beside its own: name → doctrine's word for what it is like."""

    @property
    def mysql_family(self) -> bool:
        return self.driver in ("mysql", "mariadb")

    @property
    def uses_native_operations(self) -> bool:
        """Whether `renameColumn`, `dropColumn` and `change` go without doctrine/dbal (`usingNativeSchemaOperations`)."""
        if self.major >= 11:
            return True
        if self.major <= 8:
            return False
        return self.native or not self.dbal

    def version_at_least(self, *wanted: int) -> bool:
        return version_tuple(self.server_version) >= wanted


def version_tuple(text: str) -> tuple[int, ...]:
    """The leading numbers of a server's version: "10.11.6-MariaDB" is (10, 11, 6)."""
    parts: list[int] = []
    for piece in text.split("-", 1)[0].split("."):
        digits = "".join(c for c in piece if c.isdigit())
        if not digits:
            break
        parts.append(int(digits))
    return tuple(parts)
