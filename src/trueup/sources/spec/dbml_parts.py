"""What is gathered while a DBML block is read: the body of a table, the settings in square brackets."""

from __future__ import annotations

from trueup.model.spec import RequiredCheck, RequiredColumn, RequiredIndex, RequiredTable
from trueup.sources.spec.dbml_tokens import Token
from trueup.structs import Struct, field, replace


class TableBody(Struct):
    name: str
    comment: str | None
    columns: list[RequiredColumn] = field(default_factory=list)
    indexes: list[RequiredIndex] = field(default_factory=list)
    checks: list[RequiredCheck] = field(default_factory=list)
    complete: bool = True

    def on(self, table: RequiredTable) -> RequiredTable:
        """The table with this body."""
        return replace(
            table,
            columns=tuple(self.columns),
            indexes=tuple(self.indexes),
            checks=tuple(self.checks),
            comment=self.comment,
            complete=self.complete,
        )


class Settings(Struct):
    """`[pk, not null, default: 0, note: 'x', ref: > users.id]`: keys in lower case, values as SQL; several refs are ref,
    ref2, ..."""

    found: dict[str, str] = field(default_factory=dict)
    part: list[Token] = field(default_factory=list)
    depth: int = 0
    """Brackets that are open in this part."""

    def ended_by(self, token: Token) -> bool:
        """Takes the next token after the opening bracket; whether that was the closing one."""
        if token.kind == "sign" and token.text in (",", "]") and self.depth <= 0:
            _add_setting(self.found, self.part)
            self.part, self.depth = [], 0
            return token.text == "]"
        self.part.append(token)
        if token.kind == "sign":
            self.depth += (token.text in "([") - (token.text in ")]")
        return False


def _add_setting(found: dict[str, str], part: list[Token]) -> None:
    part = [t for t in part if t.kind != "newline"]
    colon = next((n for n, t in enumerate(part) if t.kind == "sign" and t.text == ":"), len(part))
    key = " ".join(t.text for t in part[:colon]).lower()
    value = _value(key, part[colon + 1 :])
    if key:
        found[key if key not in found else f"{key}{len(found)}"] = value


def _value(key: str, part: list[Token]) -> str:
    if len(part) == 1 and part[0].kind == "string" and key == "default":
        return "'" + part[0].text.replace("'", "''") + "'"
    if key == "ref":
        return "".join(t.text if t.kind != "sign" or t.text == "." else f"{t.text} " for t in part)
    return " ".join(t.text for t in part)
