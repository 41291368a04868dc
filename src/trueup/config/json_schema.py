"""The JSON Schema of trueup.toml, for editors: `docs/trueup.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from trueup.config.declared import DECLARED, Declared
from trueup.config.roles import KINDS, role_settings
from trueup.model.names import SEVERITIES
from trueup.model.roles import PERIODS, TABLE_ROLES, TableRole
from trueup.model.tickets import PHASES

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_CODE = r"^([A-Za-z]{1,5}\d{0,3}|all|optional)$"


def config_schema() -> str:
    """JSON Schema (draft 7, which editors for TOML read) for what `declared` declares."""
    properties: dict[str, Json] = {one.name: {"description": one.about, **_shape(one)} for one in DECLARED}
    document: dict[str, Json] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Trueup",
        "description": "trueup.toml, or [tool.trueup] in pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _shape(one: Declared) -> dict[str, Json]:
    texts: dict[str, Json] = {"type": "string", "minLength": 1}
    choice: dict[str, Json] = {"enum": list(one.choices)}
    codes: dict[str, Json] = {"type": "string", "pattern": _CODE}
    severity: dict[str, Json] = {"enum": list(SEVERITIES)}
    shapes: Mapping[str, dict[str, Json]] = {
        "text": texts,
        "file": texts,
        "choice": choice,
        "choices": _one_or_more(choice),
        "files": _one_or_more(texts),
        "folders": _one_or_more(texts),
        "codes": _one_or_more(codes),
        "checks": _one_or_more(texts),
        "ignores": {"type": "object", "additionalProperties": _one_or_more(codes)},
        "severities": {"type": "object", "propertyNames": codes, "additionalProperties": severity},
        "roles": _object({role: _role(role) for role in TABLE_ROLES}),
        "phases": _object(dict.fromkeys(PHASES, texts)),
    }
    return shapes[one.shape]


def _one_or_more(item: dict[str, Json]) -> dict[str, Json]:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _object(properties: Mapping[str, Json]) -> dict[str, Json]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _role(role: TableRole) -> Json:
    text: Json = {"type": "string"}
    special: Mapping[str, Json] = {
        "limits": _object(dict.fromkeys(PERIODS, text)),
        "periods": _object(dict.fromkeys(PERIODS, text)),
        "kinds": _object(dict.fromkeys(KINDS, text)),
        "fill": {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}},
        "digits": {"type": "integer", "minimum": 0, "maximum": 18},
    }
    return _object({name: special.get(name, text) for name in role_settings(role)})
