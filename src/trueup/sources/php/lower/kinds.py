"""The grammar's node kinds and fields by number."""

from __future__ import annotations

import os
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location

from tree_sitter import Language


def _binding() -> str | None:
    """The grammar's extension module on disk."""
    package = find_spec("tree_sitter_php")
    for folder in (package.submodule_search_locations or ()) if package is not None else ():
        for name in sorted(os.listdir(folder)):
            if name.startswith("_binding.") and name.endswith(tuple(EXTENSION_SUFFIXES)):
                return os.path.join(folder, name)
    return None


def _language() -> object:
    """The grammar, without what `import tree_sitter_php` brings in for its query files: that takes longer than all of ours."""
    path = _binding()
    if path is not None:
        name = "tree_sitter_php._binding"
        spec = spec_from_file_location(name, path, loader=ExtensionFileLoader(name, path))
        if spec is not None:
            return module_from_spec(spec).language_php()
    import tree_sitter_php

    return tree_sitter_php.language_php()


LANGUAGE = Language(_language())


def _ids() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number in range(LANGUAGE.node_kind_count):
        if LANGUAGE.node_kind_is_visible(number) and LANGUAGE.node_kind_is_named(number):
            found.setdefault(LANGUAGE.node_kind_for_id(number) or "", []).append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


_IDS = _ids()


def kinds(*names: str) -> frozenset[int]:
    """The numbers of named node kinds. A name that the grammar lacks is an error at import."""
    return frozenset(number for name in names for number in _IDS[name])


def _field(name: str) -> int:
    number = LANGUAGE.field_id_for_name(name)
    if number is None:
        raise LookupError(f"the PHP grammar has no field {name!r}")
    return number


ALIAS = _field("alias")
ALTERNATIVE = _field("alternative")
ARGUMENT = _field("argument")
ARGUMENTS = _field("arguments")
ATTRIBUTES = _field("attributes")
BODY = _field("body")
CONDITION = _field("condition")
CONDITIONS = _field("conditional_expressions")
DEFAULT = _field("default_value")
END_TAG = _field("end_tag")
FUNCTION = _field("function")
IDENTIFIER = _field("identifier")
INITIALIZE = _field("initialize")
LEFT = _field("left")
NAME = _field("name")
OBJECT = _field("object")
OPERATOR = _field("operator")
PARAMETERS = _field("parameters")
READONLY = _field("readonly")
REFERENCE = _field("reference_modifier")
RESULT = _field("return_expression")
RETURN_TYPE = _field("return_type")
RIGHT = _field("right")
SCOPE = _field("scope")
STATIC = _field("static_modifier")
TYPE = _field("type")
UPDATE = _field("update")
VALUE = _field("value")
VISIBILITY = _field("visibility")

COMMENT = kinds("comment")
INTERPOLATION = kinds("text_interpolation")
EXTRAS = COMMENT | INTERPOLATION
NAMES = kinds("name", "qualified_name", "relative_name", "relative_scope")
PLAIN_NAME = kinds("name")
VARIABLE = kinds("variable_name")
DYNAMIC_VARIABLE = kinds("dynamic_variable_name")
SUBSCRIPT = kinds("subscript_expression")
BY_REF = kinds("by_ref")
SPREAD = kinds("variadic_unpacking")
PLACEHOLDER = kinds("variadic_placeholder")
ARGUMENT_LIST = kinds("arguments")
ARGUMENT_NODE = kinds("argument")
LIST_LITERAL = kinds("list_literal")
COMPOUND = kinds("compound_statement")
COLON_BLOCK = kinds("colon_block")
ANONYMOUS_CLASS = kinds("anonymous_class")
CLASS_LIKE = kinds("class_declaration", "interface_declaration", "trait_declaration", "enum_declaration")
FUNCTION_DEFINITION = kinds("function_definition")
