"""A place in a statement's tokens, and the small questions that every reader of a clause asks there."""

from __future__ import annotations

from bisect import bisect_left

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.sources.sql.reader.reserved import RESERVED
from trueup.sources.sql.reader.tokens import Token, family, identifier_value, string_value

_END: Token = ("end", "", -1, -1)
MAX_DEPTH = 100


class Unreadable(Exception):
    """The statement can't be read at `start` (an offset in the text)."""

    def __init__(self, reason: str, start: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start


class Refused(Exception):
    """This server's parser certainly refuses the statement at `start`."""

    def __init__(self, reason: str, code: str, start: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.start = start


class Source:
    """A text with the place where it stands, shared by the cursors of its statements."""

    def __init__(
        self, text: str, driver: Driver, at: Location, *, mariadb: bool = True, version: tuple[int, ...] = ()
    ) -> None:
        self.text = text
        self.driver = driver
        self.dialect = family(driver)
        self.at = at
        self.mariadb = mariadb
        self.version = version
        self._newlines: list[int] | None = None

    def location(self, offset: int) -> Location:
        """The line of `offset`: the text's own line plus the line breaks before it."""
        if not self.at.line:
            return self.at
        if self._newlines is None:
            self._newlines = _newlines(self.text)
        line = bisect_left(self._newlines, offset)
        return Location(self.at.file, self.at.line + line) if line else self.at


def _newlines(text: str) -> list[int]:
    found = []
    position = text.find("\n")
    while position >= 0:
        found.append(position)
        position = text.find("\n", position + 1)
    return found


class Cursor:
    """Reads one statement. `lenient`: what this server would refuse is read all the same and kept in `complaints`."""

    def __init__(self, source: Source, tokens: list[Token], *, lenient: bool = False) -> None:
        self.source = source
        self.text = source.text
        self.driver = source.driver
        self.dialect = source.dialect
        self.tokens = tokens
        self.position = 0
        self.count = len(tokens)
        self.lenient = lenient
        self.complaints: list[Refused | Unreadable] = []
        self._reserved = RESERVED[
            ("mariadb" if source.mariadb else "mysql") if self.dialect == "mysql" else self.dialect
        ]

    # Looking

    def token(self, ahead: int = 0) -> Token:
        place = self.position + ahead
        return self.tokens[place] if place < self.count else _END

    def word(self, ahead: int = 0) -> str:
        """The upper-cased bare word or the operator that comes next; "" for anything else."""
        place = self.position + ahead
        return self.tokens[place][1] if place < self.count else ""

    def kind(self, ahead: int = 0) -> str:
        place = self.position + ahead
        return self.tokens[place][0] if place < self.count else "end"

    @property
    def done(self) -> bool:
        return self.position >= self.count

    @property
    def start(self) -> int:
        """The offset of the next token; the end of the text behind the last."""
        if self.position < self.count:
            return self.tokens[self.position][2]
        return self.tokens[-1][3] if self.tokens else 0

    def here(self) -> Location:
        return self.source.location(self.start)

    def at(self, *words: str) -> bool:
        """Do exactly these words come next?"""
        place = self.position
        if place + len(words) > self.count:
            return False
        tokens = self.tokens
        for offset, word in enumerate(words):  # noqa: SIM110  (a plain loop: this is the reader's innermost question)
            if tokens[place + offset][1] != word:
                return False
        return True

    def at_any(self, *words: str) -> bool:
        word = self.word()
        return word != "" and word in words

    # Taking

    def skip(self, count: int = 1) -> None:
        self.position += count

    def accept(self, *words: str) -> bool:
        """Take these words if they come next."""
        if self.at(*words):
            self.position += len(words)
            return True
        return False

    def accept_any(self, *words: str) -> str:
        """Take one of these words, if one comes next: which; else ""."""
        word = self.word()
        if word and word in words:
            self.position += 1
            return word
        return ""

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.accept(word):
                raise self.unreadable(f"expected {word}")

    def name_allowed(self, ahead: int = 0) -> bool:
        """Can the next token be a name?"""
        kind = self.kind(ahead)
        if kind == "w":
            return self.word(ahead) not in self._reserved
        return kind == "q" or (kind == "s" and self.dialect == "sqlite")

    def identifier(self, *, reserved: bool = False) -> str:
        """One name, unquoted; PostgreSQL folds bare ones to lower case. `reserved`: keywords are allowed here."""
        kind, word, start, end = self.token()
        if kind == "w":
            if not reserved and word in self._reserved:
                self.complain_at_token()
            self.position += 1
            name = self.text[start:end]
            return name.lower() if self.dialect == "pgsql" else name
        if kind == "q":
            self.position += 1
            return identifier_value(self.text[start:end])
        if kind == "s":
            return self._string_as_name(start, end)
        if kind == "o" and word == "`":
            return self._backticks_as_name(start)
        raise self.unreadable("expected a name")

    def _string_as_name(self, start: int, end: int) -> str:
        text = self.text[start:end]
        if self.dialect != "sqlite" and not (self.dialect == "mysql" and text.startswith('"')):
            raise self.unreadable("expected a name")
        if self.dialect == "mysql":
            self.complain_at_token()
        self.position += 1
        return string_value(text, self.driver)

    def _backticks_as_name(self, start: int) -> str:
        """MySQL's quotes where the server knows none: `name` came as three tokens or more."""
        self.complain_at_token()
        close = self.text.find("`", start + 1)
        if close < 0:
            raise self.unreadable("expected a name")
        while self.position < self.count and self.tokens[self.position][2] <= close:
            self.position += 1
        return self.text[start + 1 : close]

    def qualified(self) -> str:
        """A table's name; the current schema's or database's qualifier is dropped, others stay in front ("auth.users")."""
        name = self.identifier()
        parts = [name]
        while self.word() == "." and self.kind() == "o":
            self.position += 1
            parts.append(self.identifier(reserved=True))
        if len(parts) == 1:
            return name
        qualifier = parts[-2].lower()
        if self.dialect == "pgsql" and qualifier != "public":
            return f"{parts[-2]}.{parts[-1]}"
        if qualifier in ("information_schema", "performance_schema", "mysql", "temp"):
            return f"{qualifier}.{parts[-1]}"
        return parts[-1]

    def string(self) -> str:
        kind, _, start, end = self.token()
        if kind != "s" and not (kind == "q" and self.text[start] == '"'):
            raise self.unreadable("expected a string")
        self.position += 1
        return string_value(self.text[start:end], self.driver)

    def names_in_parentheses(self) -> tuple[str, ...]:
        self.expect("(")
        if self.word() == ")":
            self.complain_at_token()
        names = [self.identifier()]
        while self.accept(","):
            names.append(self.identifier())
        self.expect(")")
        return tuple(names)

    # Slices of text

    def slice(self, first: int, last: int | None = None) -> str:
        """The text from token number `first` up to (not including) token number `last` or the current one."""
        last = min(self.position if last is None else last, len(self.tokens))
        if last <= first:
            return ""
        return self.text[self.tokens[first][2] : self.tokens[last - 1][3]]

    def without_comments(self, first: int) -> str:
        """The text from token number `first` up to the current one without what stands between tokens but a space."""
        made = ""
        for token in self.tokens[first : self.position]:
            apart = made and not made.endswith("(") and token[1] not in ("(", ")", ",")
            made += f"{' ' if apart else ''}{self.text[token[2] : token[3]]}"
        return made

    def skip_parentheses(self) -> None:
        """Take a balanced pair of parentheses with all inside."""
        self.expect("(")
        depth, tokens = 1, self.tokens
        while self.position < self.count:
            word = tokens[self.position][1]
            self.position += 1
            if word == "(":
                depth += 1
            elif word == ")":
                depth -= 1
                if not depth:
                    return
        raise self.unreadable("a parenthesis is not closed")

    def parenthesized(self) -> str:
        """The text inside a balanced pair of parentheses."""
        first = self.position + 1
        self.skip_parentheses()
        return self.slice(first, self.position - 1)

    def skip_until(self, *words: str) -> None:
        """Take tokens up to one of these words outside parentheses, a closing parenthesis, or the end."""
        while self.position < self.count:
            word = self.tokens[self.position][1]
            if word == "(":
                self.skip_parentheses()
                continue
            if word == ")" or (word and word in words):
                return
            self.position += 1

    def rest(self) -> str:
        first = self.position
        self.position = self.count
        return self.slice(first)

    # Complaints

    def unreadable(self, reason: str) -> Unreadable:
        near = "the end" if self.done else f'"{self.text[self.start : self.start + 40].splitlines()[0]}"'
        return Unreadable(f"{reason} near {near}", self.start)

    def complain_at_token(self, ahead: int = 0) -> None:
        """This server's parser refuses the next token: stop, or note it and read on where that is wanted."""
        place = min(self.position + ahead, self.count - 1)
        start, end = self.tokens[place][2:] if place >= 0 else (0, 0)
        behind = self.position + ahead >= self.count
        self.complain(*syntax_error(self, start, end, behind))

    def complain(self, reason: str, code: str, start: int | None = None) -> None:
        problem = Refused(reason, code, self.start if start is None else start)
        if not self.lenient:
            raise problem
        self.complaints.append(problem)

    def only(self, *dialects: str, ahead: int = 0) -> None:
        """The next word is understood by these dialects alone."""
        if self.dialect not in dialects:
            self.complain_at_token(ahead)


def syntax_error(cursor: Cursor, start: int, end: int, behind: bool = False) -> tuple[str, str]:
    """The server's words and code for a syntax error at the token from `start` to `end` (`behind`: past the last one)."""
    text = cursor.text
    if cursor.dialect == "pgsql":
        where = "at end of input" if behind else f'at or near "{text[start:end]}"'
        return f"syntax error {where}", "42601"
    if cursor.dialect == "sqlite":
        return ("incomplete input" if behind else f'near "{text[start:end]}": syntax error'), "HY000"
    server = "MariaDB" if cursor.source.mariadb else "MySQL"
    last = cursor.tokens[-1][3] if cursor.tokens else 0
    near = "" if behind else text[start:last][:80]
    first = cursor.tokens[0][2] if cursor.tokens else 0
    line = text.count("\n", first, start) + 1
    return (
        "You have an error in your SQL syntax; check the manual that corresponds to your "
        f"{server} server version for the right syntax to use near '{near}' at line {line}"
    ), "1064"
