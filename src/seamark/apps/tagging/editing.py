"""A rulebook's text changed at one place, everything else of it, comments too, staying as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.tagging.rulebooks import FILE
from seamark.engine.located import Located, Path, load_yaml

_PLAIN = re.compile(r"[^\W_](?:[\w().<>=+*/ -]*[\w).])?")
"""What needs no quotes anywhere in YAML."""
_READ_OTHERWISE = re.compile(r"(?i)true|false|null|yes|no|on|off|[\d._]+")
_INDENT = 2


def path_of(dotted: str, text: str) -> Path:
    """The path of a value that stands in the text; `overview.dotted` wrote it. Raises LookupError where it does not."""
    for path in load_yaml(text, FILE).spans:
        if ".".join(map(str, path)) == dotted:
            return path
    raise LookupError(dotted)


def written_at(text: str, path: Path) -> str:
    """The plain value that stands there; of a list, each on a line."""
    value = load_yaml(text, FILE).value
    for step in path:
        value = value[step]
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def with_value(text: str, path: Path, written: str | list[str]) -> str:
    """The text with another value there: a condition, a figure, a list of words. LookupError: none stands there."""
    spans = load_yaml(text, FILE).spans
    if path not in spans:
        raise LookupError(path)
    start, end = spans[path]
    return text[:start] + flow(written) + text[end:]


def with_titles(text: str, path: Path, titles: Mapping[str, str]) -> str:
    """The text with other titles of what stands there, by language. LookupError: it has none in one of them."""
    for language, title in titles.items():
        text = with_value(text, (*path, "title", language), title)
    return text


def with_entry(text: str, path: Path, name: str, value: Mapping[str, object]) -> str:
    """The text with one more entry at the end of a mapping, on a line of its own.

    Refused where the mapping is written in braces on one line: there a member adds it to the text.
    """
    located = load_yaml(text, FILE)
    inside = [key for key in located.keys if key[:-1] == path]
    if not inside:
        raise LookupError(path)
    first = located.keys[inside[0]]
    if path in located.keys and located.keys[path].line == first.line:
        told = _("“%(name)s” is written in braces on one line: add to it in the text.") % {"name": path[-1]}
        raise ActionRefused("one-line", told)
    at = _line_end(text, max(end for each, (_, end) in located.spans.items() if each[: len(path)] == path))
    return f"{text[:at].rstrip()}\n{' ' * (first.column - 1)}{name}: {flow(value)}\n{text[at:].removeprefix(chr(10))}"


def without_entry(text: str, path: Path) -> str:
    """The text without an entry of a mapping: the lines on which it stands. Refused where it shares them.

    An entry that is the only one of its mapping stays, for the mapping may not be empty.
    """
    located = load_yaml(text, FILE)
    if path not in located.keys:
        raise LookupError(path)
    siblings = [located.keys[each].line for each in located.keys if each[:-1] == path[:-1]]
    if len(siblings) == 1:
        told = _("“%(name)s” is the only one there: take the whole group out of the text.")
        raise ActionRefused("only-one", told % {"name": path[-1]})
    ends = [end for each, (_start, end) in located.spans.items() if each[: len(path)] == path]
    first, last = located.keys[path].line, text.count("\n", 0, max(ends)) + 1
    if any(first <= line <= last for line in siblings if line != first) or siblings.count(first) > 1:
        told = _("“%(name)s” is written in braces on one line: take it out in the text.")
        raise ActionRefused("one-line", told % {"name": path[-1]})
    lines = text.splitlines(keepends=True)
    return "".join(lines[: first - 1] + lines[last:])


def with_group(text: str, name: str, value: Mapping[str, object], tag: str, entry: Mapping[str, object]) -> str:
    """The text with one more tag group, with its first tag."""
    located: Located = load_yaml(text, FILE)
    column = min(place.column for path, place in located.keys.items() if len(path) == 2 and path[0] == "groups") - 1
    spans = [end for path, (_, end) in located.spans.items() if path[:1] == ("groups",)]
    at = _line_end(text, max(spans))
    lines = [
        "",
        f"{' ' * column}{name}:",
        *(f"{' ' * (column + _INDENT)}{key}: {flow(each)}" for key, each in value.items()),
        f"{' ' * (column + _INDENT)}tags:",
        f"{' ' * (column + 2 * _INDENT)}{tag}: {flow(entry)}",
        "",
    ]
    return text[:at].rstrip() + "\n" + "\n".join(lines) + text[at:].removeprefix("\n")


def scalar(text: str) -> str:
    """A text as it stands in YAML, in quotes where it needs them.

    >>> print(scalar("last(order.placed) within 24h"), scalar("a.b = 'c'"))
    last(order.placed) within 24h 'a.b = ''c'''
    """
    text = " ".join(line.strip() for line in text.splitlines() if line.strip())
    if _PLAIN.fullmatch(text) and not _READ_OTHERWISE.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def flow(value: object) -> str:
    """Plain values in YAML's braces and brackets.

    >>> flow({"title": {"en": "VIP", "zh": "贵宾"}, "by_hand": True, "share": [0.1, 0.2]})
    '{title: {en: VIP, zh: 贵宾}, by_hand: true, share: [0.1, 0.2]}'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case Mapping():
            return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
        case str():
            return scalar(value)
        case Sequence():
            return "[" + ", ".join(map(flow, value)) + "]"
    raise TypeError(f"{value!r} is no plain value")


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
