"""What the project's service providers bind in the container: `$this->app->singleton(Contract::class, ...)`.

Providers are not run; a binding is looked for when something abstract is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.sources.php import tree
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.values import Closure
from trueup.sources.php.walk import find

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.class_files import ClassFiles

_BINDS = {"bind", "singleton", "scoped", "bindif", "singletonif", "scopedif"}
_BINDING = re.compile(rb"(?:bind|singleton|scoped)(?:If)?\(")


def binding_of(classes: ClassFiles, name: str) -> str | Closure | None:
    """The class, or the closure that makes one, that a provider binds to `name` (fully qualified); None where none does, or several
    different ones."""
    short = name.rsplit("\\", 1)[-1].encode()
    found: list[str | Closure] = []
    for file in classes.providers():
        source = classes.text(file)
        if short in source and _BINDING.search(source) is not None:
            parsed = classes.parsed(file)
            if parsed is not None:
                found.extend(_bound_in(parsed, name.lower()))
    if len(found) > 1 and not (all(isinstance(f, str) for f in found) and len(set(found)) == 1):
        return None
    return found[0] if found else None


def _bound_in(file: PhpFile, name: str) -> list[str | Closure]:
    found: list[str | Closure] = []
    for call in find(tree.MethodCall, *file.classes):
        if isinstance(call.name, str) and call.name.lower() in _BINDS and len(call.args) > 1:
            abstract, concrete = call.args[0].value, call.args[1].value
            if (_class_named(abstract) or "").lower() == name:
                made = _class_named(concrete)
                if isinstance(concrete, tree.ClosureExpr) and not concrete.uses:
                    found.append(Closure(concrete.function, file, {}))
                elif made is not None:
                    found.append(made)
    return found


def _class_named(node: tree.Expr) -> str | None:
    """`Cls::class`, or its name in a string."""
    if isinstance(node, tree.ClassConstant) and node.name == "class" and isinstance(node.cls, tree.Name):
        return node.cls.full
    return node.value.lstrip("\\") if isinstance(node, tree.Literal) and isinstance(node.value, str) else None
