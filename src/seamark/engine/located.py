"""YAML with the place of every value: what a rulebook file says, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from seamark.engine.errors import Place, Problem, RuleError

Path = tuple[str | int, ...]

LARGEST_FILE = 1024 * 1024
"""Characters, read in some ten seconds; a rulebook of five hundred tags has a tenth of them."""
DEEPEST = 60
"""How deep mappings and lists may nest; a rulebook needs a dozen."""

_PLAIN: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
"""Other numbers stay as they are written: decimals must not pass through binary fractions."""
_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, as JSON escapes one beyond U+FFFF in two parts."""
_ESCAPES = {
    "'": re.compile(r"''|.", re.DOTALL),
    '"': re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|.)|.", re.DOTALL),
}
"""What stands for one character in single and in double quotes."""


@dataclass
class Located:
    """Plain values (dict, list, str, int, bool, None), and the place of each by its path."""

    value: Any
    file: str
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    """Where the key of a value stands."""
    written: dict[Path, str] = field(default_factory=dict)
    """Texts of several lines as they stand in the file, where line and column can be counted in them."""
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Of plain values, and of lists in brackets: the offsets from which on and up to which each stands, its quotes or
    brackets among it."""
    columns: dict[Path, tuple[int, ...]] = field(default_factory=dict)
    """Of quoted texts with escapes: how far right of the first each character stands."""

    def place(self, path: Path) -> Place:
        """The place of the value, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file))

    def key_place(self, path: Path) -> Place:
        """The place of the value's key, or of the value where it has none."""
        return self.keys.get(path) or self.place(path)

    def place_within(self, path: Path, line: int, column: int) -> Place:
        """The place of a 1-based line and column inside a text."""
        start = self.place(path)
        if path in self.written and line > 1:
            return Place(start.file, start.line + line - 1, column, start.path)
        columns = self.columns.get(path, ())
        return start.moved(columns[column - 1] if column <= len(columns) else column - 1)


def load_yaml(text: str | bytes, file: str) -> Located:
    """The values of a YAML 1.2 text in UTF-8, which JSON is too.

    Raises `RuleError` for what is no YAML, for duplicate keys, and for what a rulebook has no use
    for: anchors, aliases, `!tags`, keys that are no plain words, and several documents.
    """
    if len(text) > LARGEST_FILE:
        told = f"A rulebook has at most {LARGEST_FILE:,} characters; this has {len(text):,}."
        raise RuleError(Problem("too-large", told, Place(file)))
    text = (_decoded(text, file) if isinstance(text, bytes) else text).removeprefix("\ufeff")
    reading = _Reading(text, file)
    try:
        reading.document()
    except MarkedYAMLError as error:
        raise RuleError(_syntax(error, text, file)) from None
    except ReaderError as error:
        told = f"This is no text: it holds the character U+{error.character:04X}."
        raise RuleError(Problem("yaml", told, Place(file, text.count("\n", 0, error.position) + 1))) from None
    except (ValueError, OverflowError):
        told = 'This is not YAML: after this, an escape such as "\\U99999999" names no character.'
        raise RuleError(Problem("yaml", told, reading.latest())) from None
    except YAMLError as error:
        raise RuleError(Problem("yaml", f"This is not YAML: {error}.", reading.latest())) from None
    if reading.problems:
        raise RuleError(reading.problems)
    return reading.located


def _decoded(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        told = f"This is no text in UTF-8 (byte 0x{raw[error.start]:02x}); save it as UTF-8."
        raise RuleError(Problem("encoding", told, Place(file, line))) from None


def _at(mark: Any, file: str, path: Path = ()) -> Place:
    return Place(file, mark.line + 1, mark.column + 1, ".".join(str(step) for step in path))


def _syntax(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    told = (error.problem or error.context or "it cannot be read").strip()
    if mark is None:
        return Problem("yaml", f"This is not YAML: {told}.", Place(file))
    line = text[: mark.index].rpartition("\n")[2] + text[mark.index :].partition("\n")[0]
    if "[" in line and "{" in line:
        return Problem(
            "yaml",
            f"This is not YAML ({told}). A condition with brackets [ ] inside braces must stand in single quotes, "
            "or on a line of its own.",
            _at(mark, file),
        )
    return Problem("yaml", f"This is not YAML: {told}.", _at(mark, file))


class _Reading:
    """One pass over the parser's events, from which values and their places grow."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.located = Located(None, file)
        self.problems: list[Problem] = []
        self.events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)

    def document(self) -> None:
        """The first document; a second one is a problem."""
        next(self.events)  # the stream's start
        event = next(self.events)
        if isinstance(event, DocumentStartEvent):
            self.located.value = self.value(next(self.events), ())
            next(self.events)  # the document's end
            event = next(self.events)
        if not isinstance(event, StreamEndEvent):
            self.refuse("documents", "A rulebook is one document; here a second one begins.", event)

    def value(self, event: Event, path: Path) -> Any:
        if len(path) > DEEPEST:
            self.refuse("too-deep", f"Mappings and lists nest deeper than {DEEPEST}.", event)
        self.plain(event, path)
        self.located.places[path] = _at(event.start_mark, self.file, path)
        if isinstance(event, ScalarEvent):
            return self.scalar(event, path)
        return self.mapping(path) if isinstance(event, MappingStartEvent) else self.items(event, path)

    def plain(self, event: Event, path: Path) -> None:
        """Neither anchor nor alias nor tag stands here."""
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            told = "Anchors and aliases (& and *) are not read; write the value again, or name a condition under rules."
            self.refuse("alias", told, event)
        tag = getattr(event, "tag", None)
        if tag:
            self.tell(
                "yaml-tag",
                f"YAML tags such as {str(tag).replace('tag:yaml.org,2002:', '!!')} are not read; write plain values.",
                event,
                path,
            )

    def items(self, start: Event, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            found.append(self.value(event, (*path, len(found))))
        if getattr(start, "flow_style", False):
            self.located.spans[path] = (start.start_mark.index, event.end_mark.index)
        return found

    def mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.key(event, path)
            here = (*path, key)
            if key in found:
                self.tell("duplicate-key", f"The key {key!r} stands here a second time.", event, path)
            else:
                self.located.keys[here] = _at(event.start_mark, self.file, here)
            found.setdefault(key, self.value(next(self.events), here))
        return found

    def key(self, event: Event, path: Path) -> str:
        """The word of a key; of anything else, which becomes a problem, an empty one."""
        if not isinstance(event, ScalarEvent):
            self.value(event, (*path, ""))
        elif (key := str(event.value)) and key.isprintable():
            self.plain(event, path)
            return key
        self.tell("key", "A key must be a plain word.", event, path)
        return ""

    def scalar(self, event: ScalarEvent, path: Path) -> str | int | bool | None:
        value = str(event.value)
        start, end = event.start_mark, event.end_mark
        source = self.text[start.index : end.index].rstrip()
        self.located.spans[path] = (start.index, start.index + len(source))
        if event.style is None and value in _PLAIN:
            if not value:  # stands nowhere, and the parser points behind the line
                self.located.places[path] = self.located.key_place(path)
            return _PLAIN[value]
        if event.style is None and _WHOLE.fullmatch(value):
            return int(value)
        if _HALF.search(value):
            value = self.whole(value, event, path)
        here = self.located.places[path]
        if event.style in _ESCAPES:
            source = source[1:-1]
            self.located.places[path] = here.moved(1)
            if source != value and "\n" not in source:
                escapes = (len(escape) for escape in _ESCAPES[event.style].findall(source))
                self.located.columns[path] = tuple(accumulate(escapes, initial=0))
        elif event.style in ("|", ">"):
            source = source.partition("\n")[2]
            self.located.places[path] = Place(self.file, start.line + 2, 1, here.path)
            self.located.written[path] = source
        if "\n" in source and "\\" not in source and "''" not in source:
            self.located.written[path] = source
        return value

    def whole(self, value: str, event: Event, path: Path) -> str:
        """The text with its halves put together; a half alone is a problem."""
        try:
            return value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.tell("yaml", "This is no text: an escape names half a character.", event, path)
            return ""

    def latest(self) -> Place:
        """Where the last value that could be read stands."""
        return next(reversed(self.located.places.values()), Place(self.file))

    def tell(self, code: str, message: str, event: Event, path: Path) -> None:
        self.problems.append(Problem(code, message, _at(event.start_mark, self.file, path)))

    def refuse(self, code: str, message: str, event: Event) -> None:
        raise RuleError(Problem(code, message, _at(event.start_mark, self.file)))
