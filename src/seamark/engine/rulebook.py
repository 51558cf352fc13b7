"""A rulebook: read from its file, checked as a whole, and held as immutable parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from seamark.engine import tree
from seamark.engine.errors import Place, Problem, RuleError, Unreadable, nearest
from seamark.engine.events import Reads
from seamark.engine.kinds import STANDARD_KINDS, WRITTEN_TYPES, Type
from seamark.engine.located import Located, Path, load_yaml
from seamark.engine.parse import parse, place_in
from seamark.engine.units import duration, number

Words = Mapping[str, str]
"""A text by language."""
Find = Callable[[str, str], tuple[str, str]]
"""(name or file as written after `include`, the including file) → (text, file)."""


@dataclass(frozen=True)
class Clause:
    """A condition and where it stands."""

    condition: tree.Condition
    text: str
    path: Path
    located: Located = field(compare=False, repr=False)

    def place(self, at: int) -> Place:
        """The place of a node's `at`."""
        inside = place_in(self.text, at)
        return self.located.place_within(self.path, inside.line, inside.column)


@dataclass(frozen=True)
class Tag:
    """A named fact on a contact; exactly one of `clause`, `otherwise` and `by_hand` says when it is true."""

    name: str
    """`group/tag`."""
    title: Words
    color: str
    clause: Clause | None
    otherwise: bool = False
    by_hand: bool = False
    unlisted: bool = False
    share: tuple[float, float] | None = None
    """The reference range of its share of contacts."""


@dataclass(frozen=True)
class TagGroup:
    """A family of tags: of a level group a contact holds the first true one, of a set group every true one."""

    name: str
    title: Words
    kind: Literal["level", "set"]
    tags: tuple[Tag, ...]
    review_every: int | None = None
    """Microseconds between reviews."""
    dimension: str = ""


@dataclass(frozen=True)
class Param:
    """A figure; `quantile` and `of` say how it is fitted, `fitted` whether it was."""

    name: str
    value: int | str
    type: Literal["number", "text", "duration"]
    quantile: int | None = None
    """In ten-thousandths."""
    of: tree.Value | None = None
    fitted: bool = False


@dataclass(frozen=True)
class Rule:
    """A named condition."""

    name: str
    clause: Clause
    title: Words | None = None


@dataclass(frozen=True)
class Reaction:
    """What the entering or leaving of a tag sets going."""

    edge: Literal["enter", "leave"]
    tag: str
    when: Clause | None
    do: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Journey:
    """Timed steps; conditions inside them are clauses of the rulebook by their path."""

    name: str
    title: Words
    steps: tuple[Mapping[str, Any], ...]
    stop: Clause | None
    goal: Clause | None
    re_enter: str


@dataclass(frozen=True)
class Rulebook:
    """Everything a rulebook file says, checked. Made by `load_rulebook`."""

    name: str
    version: int
    title: Words
    kinds: Mapping[str, Mapping[str, Type]]
    """The standard kinds and the rulebook's own."""
    fields: Mapping[str, Type]
    field_titles: Mapping[str, Words]
    terms: Mapping[str, Mapping[str, Any]]
    params: Mapping[str, Param]
    rules: Mapping[str, Rule]
    groups: tuple[TagGroup, ...]
    reactions: tuple[Reaction, ...]
    journeys: Mapping[str, Journey]
    texts: Mapping[str, Words]
    clauses: tuple[Clause, ...] = field(repr=False)
    """Every condition of the file, those of tags, rules, reactions and journeys."""
    sources: tuple[Located, ...] = field(repr=False)
    reads: Reads = Reads()
    warnings: tuple[Problem, ...] = ()

    @property
    def tags(self) -> dict[str, Tag]:
        """Every tag by its name, in the order of the file."""
        return {tag.name: tag for group in self.groups for tag in group.tags}

    def with_params(self, values: Mapping[str, object]) -> Rulebook:
        """The same rulebook with other figures. Raises `RuleError` for names it does not have."""
        params, problems = dict(self.params), []
        for name, written in values.items():
            if name not in params:
                problems.append(
                    Problem("unknown-param", f"The rulebook has no parameter {name!r}.", nearest=nearest(name, params))
                )
                continue
            value, type_ = _param_value(written)
            if type_ != params[name].type:
                problems.append(Problem("param-type", f"Parameter {name} is a {params[name].type}, not {written!r}."))
            params[name] = replace(params[name], value=value, fitted=True)
        if problems:
            raise RuleError(problems)
        return replace(self, params=params)


def load_rulebook(text: str, file: str = "rulebook.yaml", find: Find | None = None) -> Rulebook:
    """The rulebook of a YAML text. `find` fetches what it includes.

    Raises `RuleError` with every problem of the file, each with its line and column.
    """
    from seamark.engine.check import check

    sources = _with_included(load_yaml(text, file), find)
    problems = [problem for source in sources for problem in _schema_problems(source)]
    if problems:
        raise RuleError(problems)
    reader = _Reader(sources)
    rulebook = reader.rulebook()
    checked, found = check(rulebook)
    problems = [*reader.problems, *(problem for problem in found if problem.severity == "error")]
    if problems:
        raise RuleError(problems)
    return replace(checked, warnings=tuple(found))


def rulebook_schema() -> dict[str, Any]:
    """The JSON Schema of a rulebook file."""
    schema: dict[str, Any] = json.loads(files("seamark.engine").joinpath("rulebook.schema.json").read_text("utf-8"))
    return schema


def _with_included(first: Located, find: Find | None) -> list[Located]:
    """The file and all it includes, those included first, each once."""
    ordered: list[Located] = []
    open_files: list[str] = []

    def add(source: Located) -> None:
        if source.file in open_files:
            ring = " → ".join([*open_files[open_files.index(source.file) :], source.file])
            raise RuleError(Problem("include-circle", f"Rulebooks include one another in a circle: {ring}.", Place(source.file)))
        if any(source.file == known.file for known in ordered):
            return
        open_files.append(source.file)
        included = source.value.get("include") if isinstance(source.value, dict) else None
        for index, name in enumerate(included if isinstance(included, list) else ()):
            place = source.place(("include", index))
            if find is None:
                raise RuleError(Problem("include", "This rulebook includes others, and none can be fetched here.", place))
            try:
                text, file = find(str(name), source.file)
            except (OSError, LookupError, UnicodeDecodeError) as error:
                raise RuleError(Problem("include", f"The rulebook {name!r} cannot be included: {error}.", place)) from None
            add(load_yaml(text, file))
        open_files.pop()
        ordered.append(source)

    add(first)
    return ordered


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(rulebook_schema())


def _schema_problems(source: Located) -> Iterator[Problem]:
    if not isinstance(source.value, dict):
        found = "nothing" if source.value is None else f"a {type(source.value).__name__}"
        yield Problem("shape", f"A rulebook is a mapping that begins with `rulebook: name`; found {found}.", Place(source.file, 1, 1))
        return
    for error in sorted(_validator().iter_errors(source.value), key=lambda error: list(map(str, error.absolute_path))):
        yield _schema_problem(error, source)


def _schema_problem(error: ValidationError, source: Located) -> Problem:
    place = source.place(tuple(error.absolute_path))
    keys = list(error.schema.get("properties", ())) if isinstance(error.schema, dict) else []
    match error.validator:
        case "additionalProperties" if keys:
            strangers = [key for key in error.instance if key not in keys]
            stranger = strangers[0]
            place = source.place((*error.absolute_path, stranger))
            return Problem(
                "unknown-key",
                f"The key {stranger!r} is not known here; known are {', '.join(keys)}.",
                place,
                nearest(stranger, keys),
            )
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return Problem("missing-key", f"The key {missing[0]!r} is missing.", place)
        case "oneOf" if all(set(option) == {"required"} for option in error.validator_value):
            options = [option["required"][0] for option in error.validator_value]
            given = [key for key in options if key in error.instance]
            told = f"found {' and '.join(given)}" if given else "found none"
            return Problem("one-key", f"Exactly one of {', '.join(options)} must be given; {told}.", place)
        case "enum":
            wanted = ", ".join(map(str, error.validator_value))
            return Problem(
                "value",
                f"Found {error.instance!r}; expected one of {wanted}.",
                place,
                nearest(str(error.instance), map(str, error.validator_value)),
            )
        case "anyOf":
            wanted = _told_choices(error.validator_value)
            return Problem("value", f"Found {_short(error.instance)}; expected {wanted}.", place)
        case "type":
            wanted = error.validator_value if isinstance(error.validator_value, str) else " or ".join(error.validator_value)
            return Problem("value", f"Found {_short(error.instance)}; expected {_TYPE_WORDS.get(wanted, wanted)}.", place)
        case "pattern" | "propertyNames":
            return Problem("value", f"{_short(error.instance)} is not written as it must be here ({error.schema.get('pattern', 'a name')}).", place)  # type: ignore[union-attr]
    return Problem("value", f"{error.message}.", place)


_TYPE_WORDS = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
}


def _told_choices(choices: list[dict[str, Any]]) -> str:
    told = []
    for choice in choices:
        name = choice.get("$ref", "").rpartition("/")[2] or choice.get("type") or "one of " + ", ".join(choice.get("enum", ()))
        told.append(" or ".join(name) if isinstance(name, list) else _TYPE_WORDS.get(name, f"a {name}"))
    return " or ".join(told)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


class _Reader:
    """Builds the parts of a rulebook from its sources; conditions that do not parse become problems."""

    def __init__(self, sources: list[Located]) -> None:
        self.sources = sources
        self.problems: list[Problem] = []
        self.clauses: list[Clause] = []
        self.kinds: dict[str, Mapping[str, Type]] = dict(STANDARD_KINDS)

    def rulebook(self) -> Rulebook:
        top = self.sources[-1].value
        for name, props, _, _ in self.section("kinds"):
            own = {prop: WRITTEN_TYPES[type_] for prop, type_ in props.items()}
            self.kinds[name] = {**self.kinds.get(name, {}), **own}
        fields = {name: WRITTEN_TYPES[_type_of(value)] for name, value, _, _ in self.section("fields")}
        titles = {name: value["title"] for name, value, _, _ in self.section("fields") if isinstance(value, dict) and "title" in value}
        return Rulebook(
            name=top["rulebook"],
            version=top.get("version", 1),
            title=_title(top, top["rulebook"]),
            kinds=self.kinds,
            fields=fields,
            field_titles=titles,
            terms={name: value for name, value, _, _ in self.section("terms")},
            params={name: param for name, value, path, source in self.section("params") if (param := self.param(name, value, path, source))},
            rules={name: rule for name, value, path, source in self.section("rules") if (rule := self.rule(name, value, path, source))},
            groups=tuple(self.tag_group(name, value, path, source) for name, value, path, source in self.section("groups")),
            reactions=tuple(self.reactions()),
            journeys={name: self.journey(name, value, path, source) for name, value, path, source in self.section("journeys")},
            texts={name: value for name, value, _, _ in self.section("texts")},
            clauses=tuple(self.clauses),
            sources=tuple(self.sources),
        )

    def section(self, name: str) -> Iterator[tuple[str, Any, Path, Located]]:
        """The entries of a section over all sources; a name defined twice is a problem, told once."""
        seen: dict[str, Located] = {}
        for source in self.sources:
            for key, value in (source.value.get(name) or {}).items():
                path = (name, key)
                if key in seen:
                    problem = Problem(
                        "defined-twice",
                        f"{name}.{key} is defined here and in {seen[key].place(path)}.",
                        source.place(path),
                    )
                    if problem not in self.problems:
                        self.problems.append(problem)
                    continue
                seen[key] = source
                yield key, value, path, source

    def clause(self, text: str, path: Path, source: Located) -> Clause | None:
        text = source.written.get(path, text)
        try:
            clause = Clause(parse(text, self.kinds), text, path, source)
        except RuleError as error:
            for problem in error.problems:
                place = source.place_within(path, problem.place.line or 1, problem.place.column or 1)
                self.problems.append(replace(problem, place=place))
            return None
        self.clauses.append(clause)
        return clause

    def param(self, name: str, value: Any, path: Path, source: Located) -> Param | None:
        try:
            if not isinstance(value, dict):
                return Param(name, *_param_value(value))
            if "value" in value:
                return Param(name, *_param_value(value["value"]))
            quantile = number(value["quantile"])
            if not 0 < quantile <= 10_000:
                raise Unreadable(f"quantile {value['quantile']} is not above 0 and at most 1")
            of = self.value(value["of"], (*path, "of"), source)
            return Param(name, number(value["default"]), "number", quantile, of) if of else None
        except Unreadable as error:
            self.problems.append(Problem("param", f"{error}.", source.place(path)))
            return None

    def value(self, text: str, path: Path, source: Located) -> tree.Value | None:
        """A value, parsed as the left side of a comparison with 0."""
        clause = self.clause(text + " >= 0", path, source)
        if clause is None:
            return None
        if isinstance(clause.condition, tree.Compare) and clause.condition.right == tree.Number(0):
            return clause.condition.left
        self.problems.append(Problem("param", "A fitted parameter is of one number, such as sum(order.placed.amount) over 365d.", source.place(path)))
        return None

    def rule(self, name: str, value: Any, path: Path, source: Located) -> Rule | None:
        text, where = (value["when"], (*path, "when")) if isinstance(value, dict) else (value, path)
        clause = self.clause(text, where, source)
        return Rule(name, clause, value.get("title") if isinstance(value, dict) else None) if clause else None

    def tag_group(self, name: str, value: dict[str, Any], path: Path, source: Located) -> TagGroup:
        tags = tuple(
            self.tag(f"{name}/{tag}", written, (*path, "tags", tag), source) for tag, written in value["tags"].items()
        )
        review = value.get("review")
        return TagGroup(
            name,
            _title(value, name),
            value["kind"],
            tags,
            duration(review["every"]) if review else None,
            value.get("dimension", ""),
        )

    def tag(self, name: str, value: dict[str, Any], path: Path, source: Located) -> Tag:
        clause = self.clause(value["when"], (*path, "when"), source) if "when" in value else None
        share = tuple(float(end) for end in value["share"]) if "share" in value else None
        return Tag(
            name,
            _title(value, name.partition("/")[2]),
            value.get("color", "gray"),
            clause,
            otherwise=value.get("otherwise", False),
            by_hand=value.get("by_hand", False),
            unlisted=value.get("unlisted", False),
            share=(share[0], share[1]) if share else None,
        )

    def reactions(self) -> Iterator[Reaction]:
        for source in self.sources:
            for index, value in enumerate(source.value.get("reactions") or ()):
                path = ("reactions", index, "when")
                when = self.clause(value["when"], path, source) if "when" in value else None
                yield Reaction(value["edge"], value["tag"], when, tuple(value["do"]))

    def journey(self, name: str, value: dict[str, Any], path: Path, source: Located) -> Journey:
        ends = {
            end: self.clause(value[end]["when"], (*path, end, "when"), source) if end in value else None
            for end in ("stop", "goal")
        }
        self.step_clauses(value["steps"], (*path, "steps"), source)
        return Journey(name, _title(value, name), tuple(value["steps"]), ends["stop"], ends["goal"], value.get("re_enter", "ended"))

    def step_clauses(self, steps: list[dict[str, Any]], path: Path, source: Located) -> None:
        for index, step in enumerate(steps):
            here = (*path, index)
            if "wait" in step:
                self.clause(step["wait"]["until"], (*here, "wait", "until"), source)
            for place, branch in enumerate(step.get("branch", ())):
                self.clause(branch["when"], (*here, "branch", place, "when"), source)
                self.step_clauses(branch["steps"], (*here, "branch", place, "steps"), source)
            self.step_clauses(step.get("otherwise", []), (*here, "otherwise"), source)


def _title(value: Mapping[str, Any], name: str) -> Words:
    """The title, or the name where there is none."""
    title: Words = value.get("title") or {"en": name, "zh": name}
    return title


def _type_of(value: Any) -> str:
    return str(value["type"] if isinstance(value, dict) else value)


def _param_value(written: object) -> tuple[int | str, Literal["number", "text", "duration"]]:
    """A number, a duration such as 10m, or else a text."""
    if isinstance(written, int | float):
        return number(written), "number"
    text = str(written)
    if text.lstrip("+-").replace("_", "").replace(".", "", 1).isdigit():
        return number(text), "number"
    try:
        return duration(text), "duration"
    except Unreadable:
        return text, "text"
