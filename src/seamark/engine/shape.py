"""The shape of a rulebook file: its JSON Schema, and what breaks it in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from seamark.engine.errors import Place, Problem, Unreadable, nearest
from seamark.engine.located import Located
from seamark.engine.units import duration, number

_TYPES = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
}
_TOO_FEW = ("minLength", "minItems", "minProperties")


def rulebook_schema() -> dict[str, Any]:
    """The JSON Schema of a rulebook file."""
    schema: dict[str, Any] = json.loads(files("seamark.engine").joinpath("rulebook.schema.json").read_text("utf-8"))
    return schema


def shape_problems(source: Located) -> Iterator[Problem]:
    """Where the file is not as its schema says; a key by key check comes only after this one finds nothing."""
    if not isinstance(source.value, dict):
        told = f"A rulebook is a mapping that begins with `rulebook: name`; found {_short(source.value)}."
        yield Problem("shape", told, Place(source.file, 1, 1))
        return
    for error in _validator().iter_errors(source.value):
        yield from _problems(error, source)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(rulebook_schema(), format_checker=_formats())


def _formats() -> FormatChecker:
    """Our own formats: what is written as its pattern says must be no larger or finer than can be held."""
    checker = FormatChecker(formats=())
    readers: dict[str, Callable[[str], int]] = {"duration": duration, "number": number}
    for name, read in readers.items():
        pattern = re.compile(rulebook_schema()["$defs"][name]["pattern"])

        def fits(written: object, read: Callable[[str], int] = read, pattern: re.Pattern[str] = pattern) -> bool:
            return not pattern.match(str(written)) or isinstance(read(str(written)), int)

        checker.checks(f"seamark-{name}", raises=Unreadable)(fits)
    return checker


def _problems(error: ValidationError, source: Located) -> Iterable[Problem]:
    if error.validator in ("additionalProperties", "required", "dependentRequired"):
        return _key_problems(error, source)
    if error.validator == "oneOf" and not isinstance(error.instance, dict):
        return []  # told by its type
    if error.validator == "anyOf" and (closest := _closest(error)):
        return [problem for each in closest for problem in _problems(each, source)]
    return [_value_problem(error, source)]


def _key_problems(error: ValidationError, source: Located) -> Iterator[Problem]:
    """Keys that are not known, and keys that are missing."""
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        for key in error.instance:
            if key not in known:
                told = f"The key {key!r} is not known here; known are {', '.join(known)}."
                yield Problem("unknown-key", told, source.key_place((*path, key)), nearest(key, known))
        return
    place = source.key_place(path) if path else Place(source.file, 1, 1)
    if error.validator == "required":
        # The validator tells once for each missing key, and names it in its message alone.
        key = next(key for key in error.validator_value if error.message.startswith(repr(key)))
        yield Problem("missing-key", f"The key {key!r} is missing.", place)
        return
    for key, needed in error.validator_value.items():
        if key in error.instance:
            yield Problem("missing-key", f"The key {key!r} stands only beside {' and '.join(needed)}.", place)


def _closest(error: ValidationError) -> list[ValidationError]:
    """The errors of the choice that the value was meant to be, going by its type and keys; else none."""
    branches: dict[int, list[ValidationError]] = {}
    for each in error.context or ():
        branches.setdefault(int(each.schema_path[0]), []).append(each)
    wrong_type = ("type", "enum") if isinstance(error.instance, dict) else ("type",)
    meant = [
        errors
        for errors in branches.values()
        if not any(each.validator in wrong_type and not each.path for each in errors)
    ]
    certain = len(meant) == 1 or isinstance(error.instance, dict)
    return min(meant, key=len, default=[]) if certain else []


def _value_problem(error: ValidationError, source: Located) -> Problem:
    path, value = tuple(error.absolute_path), error.instance
    if "propertyNames" in error.schema_path:
        path = (*path, value)
        return Problem("name", f"{value!r} is not {_told(error.schema)}.", source.key_place(path))
    place = source.place(path)
    if error.validator == "oneOf":
        options = [option["required"][0] for option in error.validator_value]
        given = [key for key in options if key in value]
        told = f"found {' and '.join(given)}" if given else "found none"
        return Problem("one-key", f"Exactly one of {', '.join(options)} must be given; {told}.", source.key_place(path))
    if error.validator == "format":
        return Problem("value", f"{error.cause}.", place)
    if error.validator in _TOO_FEW and not value:
        return Problem("value", f"This is empty; expected {_told(error.schema)}.", place)
    choices = [choice for schema in (error.schema, *error.schema.get("anyOf", ())) for choice in schema.get("enum", ())]
    comma = " Between braces a text with a comma must stand in quotes." if value is None else ""
    told = f"Found {_short(value)}; expected {_told(error.schema)}.{comma}"
    return Problem("value", told, place, nearest(str(value), choices))


def _told(schema: Any) -> str:
    """What a schema asks for, in words: its title, or what its few other keys say."""
    if "$ref" in schema:
        return _told(rulebook_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    if "title" in schema:
        return str(schema["title"])
    if "anyOf" in schema:
        return " or ".join(_told(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    if "const" in schema:
        return f"{_short(schema['const'])}, or leave the key out"
    if "maxProperties" in schema:
        return f"one of {', '.join(schema['properties'])}"
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    least = f" of at least {schema['minimum']}" if "minimum" in schema else ""
    return " or ".join(_TYPES[type_] for type_ in types) + least


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind} of {len(value)}" if value else f"an empty {kind}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
