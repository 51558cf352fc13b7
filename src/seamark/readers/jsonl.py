"""Rows of JSONL files: one object a line, its `props` beside its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn

from seamark.engine.errors import Unreadable
from seamark.readers.files import OVERLONG, TextFile, flaw
from seamark.readers.shape import EVENT_COLUMNS, OnReject, Reject, Row, shortened

_quoted = json.JSONEncoder(ensure_ascii=False).encode

NESTING_LIMIT = 100

_TEXT_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def read_jsonl(file: TextFile, on_reject: OnReject) -> Iterator[Row]:
    """A row for each line that is not blank; lines that are no proper object go to the rejects."""
    for line in file.lines():
        if not line.text.strip():
            continue
        try:
            if reason := file.flaw(line.text) if line.whole else OVERLONG:
                raise Unreadable(reason)
            yield Row(line.number, row_values(line.text.strip()), file.name)
        except Unreadable as error:
            on_reject(Reject(file.name, line.number, str(error), shortened(line.text)))


def row_values(text: str) -> dict[str, object]:
    """The columns and props of an object in JSON, its numbers as `Decimal`. Raises `Unreadable`.

    >>> row_values('{"contact": "ann", "props": {"amount": 1.10}}')
    {'contact': 'ann', 'amount': Decimal('1.10')}
    """
    written = _parsed(text)
    if not isinstance(written, dict):
        raise Unreadable('is no object; expected one object a line, such as {"contact": "ann", …}')
    props = written.pop("props", None)
    if props is None:
        return written
    if not isinstance(props, dict):
        raise Unreadable("has props that are no object")
    for name in props:
        if name in EVENT_COLUMNS:
            raise Unreadable(f"has a prop {name!r}, which is the name of a column; rename it")
        if name in written:
            raise Unreadable(f"has {name!r} twice, beside the props and among them")
    return written | props


def json_text(value: object) -> str:
    """The value in JSON, its numbers digit for digit.

    >>> json_text({"amount": Decimal("1.10"), "tags": ["tea", None, True]})
    '{"amount": 1.10, "tags": ["tea", null, true]}'
    """
    match value:
        case str():
            return _quoted(value)
        case Decimal():
            return str(value) if value.is_finite() else _quoted(str(value))
        case dict():
            return "{" + ", ".join(f"{_quoted(str(name))}: {json_text(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(json_text(part) for part in value) + "]"
        case _:
            return json.dumps(value, default=str)


def _parsed(text: str) -> object:
    if _nesting(text) > NESTING_LIMIT:
        raise Unreadable(f"is nested more than {NESTING_LIMIT} deep")
    try:
        written: object = json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not JSON: {error.msg} at column {error.colno}") from None
    except ArithmeticError:
        raise Unreadable("holds a number too large to be held") from None
    if "\\u" in text and (reason := flaw("".join(_texts(written)))):
        raise Unreadable(reason)
    return written


def _nesting(text: str) -> int:
    if text.count("[") + text.count("{") <= NESTING_LIMIT:
        return 0
    depth = deepest = 0
    for mark in _TEXT_OR_BRACKET.findall(text):
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
    return deepest


def _no_number(name: str) -> NoReturn:
    raise Unreadable(f"holds {name}, which is no number in JSON; leave the value out")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"has {twice!r} twice")
    return made


def _texts(written: object) -> Iterator[str]:
    """Every text in a value, the names of its parts among them."""
    if isinstance(written, str):
        yield written
    elif isinstance(written, list):
        for part in written:
            yield from _texts(part)
    elif isinstance(written, dict):
        yield from written
        yield from _texts(list(written.values()))
