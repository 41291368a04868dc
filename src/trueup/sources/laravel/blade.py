"""Blade templates as PHP: what a template evaluates, each line where it was. What is only markup is left out."""

from __future__ import annotations

import re
from collections.abc import Callable

ENDING = ".blade.php"
_OPENING = re.compile(
    r"(?P<comment>\{\{--)|(?P<escaped>@(?:\{\{|\{!!|@))|(?P<raw>\{!!)|(?P<echo>\{\{)|(?P<php><\?(?:php|=))"
    r"|(?<![\w@])@(?P<directive>[A-Za-z]+)|\s:[\w.\-]+=\"(?P<bound>[^\"]{0,400}\w::\w[^\"]{0,400})\""
)
_STRING = re.compile(r"'(?:[^'\\]++|\\.)*+'|\"(?:[^\"\\]++|\\.)*+\"", re.S)
_MOST_LOST = 1_000_000
"""Characters that are looked at in vain for the ends of brackets and strings before nothing more is taken for either."""
_LINE = re.compile(r"[^\n]+")
_USE = re.compile(r"\(\s*['\"]\\?([\w\\]+)['\"]\s*(?:,\s*['\"](\w+)['\"]\s*)?\)")
_INJECT = re.compile(r"\(\s*+['\"](\w++)['\"]\s*+,\s*+(.+)\)", re.S)
_BLOCKS = {
    "foreach": "foreach{}:",
    "forelse": "foreach{}:",
    "for": "for{}:",
    "while": "while{}:",
    "if": "if{}:",
    "elseif": "elseif{}:",
    "unless": "if(!{}):",
    "isset": "if(isset{}):",
    "empty": "if(empty{}):",
    "php": "{};",
}
"""Directives with an argument. Any other's argument is evaluated for itself."""
_PLAIN = {
    "endforeach": "endforeach;",
    "endfor": "endfor;",
    "endwhile": "endwhile;",
    "else": "else:",
    "endif": "endif;",
    "endunless": "endif;",
    "endisset": "endif;",
    "endempty": "endif;",
    "empty": "endforeach; if(true):",
    "endforelse": "endif;",
}
"""Directives without one; `@empty` and `@endforelse` end a `@forelse`, which always has both."""


def is_template(file: str) -> bool:
    return file.lower().endswith(ENDING)


def php_of(source: bytes) -> tuple[bytes, bool]:
    """The PHP of a template, with as many lines, and whether all of it was told apart. What can't be read as Blade is taken for
    markup. Never raises."""
    template = _Template(source.decode("utf-8", "surrogateescape"))
    text = template.text
    made: list[str] = []
    position = 0
    while (found := _OPENING.search(text, position)) is not None:
        made.append(_blank(text[position : found.start()]))
        end, php = _READERS[found.lastgroup or ""](template, found)
        lines = text.count("\n", found.start(), end) - php.count("\n")
        made.append(php + "\n" * max(lines, 0))
        position = max(end, found.start() + 1)
    made.append(_blank(text[position:]))
    return "".join(made).encode("utf-8", "surrogateescape"), not template.is_lost


def _blank(markup: str) -> str:
    return _LINE.sub("", markup)


class _Template:
    """A template's text, and what is known of it so that nothing is looked for in vain again and again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._last: dict[str, int] = {}
        self._lost = 0

    @property
    def is_lost(self) -> bool:
        """Whether brackets and strings are no longer looked for."""
        return self._lost >= _MOST_LOST

    def until(self, start: int, mark: str) -> tuple[str, int]:
        """What stands before a mark, and where it ends; nothing where there is none."""
        last = self._last.get(mark)
        if last is None:
            last = self._last[mark] = self.text.rfind(mark)
        at = self.text.find(mark, start) if start <= last else -1
        return (self.text[start:at], at + len(mark)) if at >= 0 else ("", start)

    def arguments(self, start: int) -> tuple[str, int]:
        """The brackets that follow a directive, strings and inner brackets skipped; "" where there are none."""
        text, opening = self.text, start
        while text[opening : opening + 1] in {" ", "\t"}:
            opening += 1
        if text[opening : opening + 1] != "(":
            return "", start
        depth, position = 0, opening
        while position < len(text) and not self.is_lost:
            char = text[position]
            quoted = _STRING.match(text, position) if char in "'\"" else None
            if char in "'\"" and quoted is None:
                self._lost += len(text) - position
            position = quoted.end() if quoted is not None else position + 1
            depth += {"(": 1, ")": -1}.get(char, 0)
            if depth == 0:
                return text[opening:position], position
        self._lost += position - opening
        return "", start


Reader = Callable[[_Template, re.Match[str]], tuple[int, str]]
"""Where a piece ends, and its PHP."""


def _comment(template: _Template, found: re.Match[str]) -> tuple[int, str]:
    return template.until(found.end(), "--}}")[1], ""


def _escaped(template: _Template, found: re.Match[str]) -> tuple[int, str]:
    """`@{{ name }}` is for the browser."""
    closing = {"@{{": "}}", "@{!!": "!!}"}.get(found.group())
    return (template.until(found.end(), closing)[1] if closing else found.end()), ""


def _echo(template: _Template, found: re.Match[str]) -> tuple[int, str]:
    inner, end = template.until(found.end(), "}}" if found.lastgroup == "echo" else "!!}")
    return end, f"<?php echo({inner}); ?>" if inner.strip() else ""


def _php(template: _Template, found: re.Match[str]) -> tuple[int, str]:
    inner, end = template.until(found.end(), "?>")
    if not inner:
        inner, end = template.text[found.end() :], len(template.text)
    return end, f"<?php {'echo ' if found.group() == '<?=' else ''}{inner} ?>"


def _bound(template: _Template, found: re.Match[str]) -> tuple[int, str]:
    """`:users="User::all()"` of a component."""
    del template
    return found.end(), _evaluated("(" + found.group("bound") + ")")


def _directive(template: _Template, found: re.Match[str]) -> tuple[int, str]:
    name = found.group("directive").lower()
    arguments, end = template.arguments(found.end())
    if name == "verbatim":
        return template.until(found.end(), "@endverbatim")[1], ""
    if not arguments:
        if name == "php":
            inner, end = template.until(found.end(), "@endphp")
            return end, f"<?php {inner} ?>"
        return found.end(), f"<?php {_PLAIN[name]} ?>" if name in _PLAIN else ""
    if name in _BLOCKS:
        return end, f"<?php {_BLOCKS[name].format(arguments)} ?>"
    if name == "use" and (used := _USE.fullmatch(arguments)):
        return end, f"<?php use {used.group(1)}{f' as {used.group(2)}' if used.group(2) else ''}; ?>"
    if name == "inject" and (injected := _INJECT.fullmatch(arguments)):
        return end, f"<?php ${injected.group(1)} = app({injected.group(2)}); ?>"
    return end, _evaluated(arguments)


def _evaluated(arguments: str) -> str:
    return f"<?php [{arguments[1:-1]}]; ?>"


_READERS: dict[str, Reader] = {
    "comment": _comment,
    "escaped": _escaped,
    "raw": _echo,
    "echo": _echo,
    "php": _php,
    "directive": _directive,
    "bound": _bound,
}
