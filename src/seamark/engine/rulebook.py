"""A rulebook: read from its file, checked as a whole, and held as immutable parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from seamark.engine import tree
from seamark.engine.errors import Place, Problem, RuleError, Unreadable, nearest
from seamark.engine.events import Reads
from seamark.engine.kinds import STANDARD_KINDS, WRITTEN_TYPES, Type
from seamark.engine.located import Located, Path, load_yaml
from seamark.engine.parse import parse, place_in
from seamark.engine.shape import rulebook_schema as rulebook_schema
from seamark.engine.shape import shape_problems
from seamark.engine.units import SCALE, duration, number

Words = Mapping[str, str]
"""A text by language."""
Find = Callable[[str, str], tuple[str | bytes, str]]
"""(name or file as written after `include`, the including file) → (text, file)."""

MOST_INCLUDED = 20
"""How long a chain of rulebooks that include one another may be."""
_NUMERIC = re.compile(r"[+-]?(?=[._]*[0-9])[0-9_]*(\.[0-9_]*)?([eE][+-]?[0-9]+)?")


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
class Deed:
    """One thing that is done at an edge or in a journey."""

    verb: str
    """start, stop, send, follow_up, alert, set or clear."""
    name: str
    """The journey, text or tag it is about; empty where it is about none."""
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Reaction:
    """What the entering or leaving of a tag sets going."""

    edge: Literal["enter", "leave"]
    tag: str
    when: Clause | None
    do: tuple[Mapping[str, Any], ...]
    deeds: tuple[Deed, ...] = ()
    """What `do` says, with its places."""
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class Journey:
    """Timed steps; conditions inside them are clauses of the rulebook by their path."""

    name: str
    title: Words
    steps: tuple[Mapping[str, Any], ...]
    stop: Clause | None
    goal: Clause | None
    re_enter: str
    deeds: tuple[Deed, ...] = ()
    """Those of every step, of branches too."""


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
    reads: Reads = field(default_factory=Reads)
    warnings: tuple[Problem, ...] = ()

    @property
    def tags(self) -> dict[str, Tag]:
        """Every tag by its name, in the order of the file."""
        return {tag.name: tag for group in self.groups for tag in group.tags}

    @property
    def doers(self) -> tuple[Reaction | Journey, ...]:
        """Whatever has deeds."""
        return (*self.reactions, *self.journeys.values())

    def place(self, *path: str | int) -> Place:
        """Where something is defined, such as `place("groups", "activity")`."""
        return next((source.keys[path] for source in self.sources if path in source.keys), Place())

    def tag_place(self, tag: str) -> Place:
        """Where a tag is defined, by its name `group/tag`."""
        group, _, name = tag.partition("/")
        return self.place("groups", group, "tags", name)

    def with_params(self, values: Mapping[str, object]) -> Rulebook:
        """The same rulebook with other figures. Raises `RuleError` for names or types it does not have."""
        params, problems = dict(self.params), []
        for name, written in values.items():
            if name not in params:
                told = f"The rulebook has no parameter {name!r}."
                problems.append(Problem("unknown-param", told, nearest=nearest(str(name), params)))
                continue
            try:
                value, type_ = _param_value(written)
            except Unreadable as error:
                problems.append(Problem("param", f"Parameter {name}: {error}."))
                continue
            if type_ != params[name].type:
                problems.append(Problem("param", f"Parameter {name} is a {params[name].type}, not {written!r}."))
            params[name] = replace(params[name], value=value, fitted=True)
        if problems:
            raise RuleError(problems)
        return replace(self, params=params)


def load_rulebook(text: str | bytes, file: str = "rulebook.yaml", find: Find | None = None) -> Rulebook:
    """The rulebook of a YAML text. `find` fetches what it includes.

    Raises `RuleError` with every problem of the file, each with its line and column.
    """
    from seamark.engine.check import check

    sources = _with_included(load_yaml(text, file), find)
    problems = [problem for source in sources for problem in shape_problems(source)]
    if problems:
        raise RuleError(in_order(problems))
    reader = _Reader(sources)
    rulebook = reader.rulebook()
    checked, found = check(rulebook)
    problems = [*reader.problems, *(problem for problem in found if problem.severity == "error")]
    if problems:
        raise RuleError(in_order(problems))
    return replace(checked, warnings=tuple(in_order(found)))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file, line and column."""
    return sorted(
        dict.fromkeys(problems), key=lambda problem: (problem.place.file, problem.place.line, problem.place.column)
    )


def _with_included(first: Located, find: Find | None) -> list[Located]:
    """The file and all it includes, those included first, each once."""
    ordered: list[Located] = []
    open_files: list[str] = []

    def add(source: Located, place: Place) -> None:
        if source.file in open_files:
            ring = " → ".join([*open_files[open_files.index(source.file) :], source.file])
            raise RuleError(Problem("include-circle", f"Rulebooks include one another in a circle: {ring}.", place))
        if len(open_files) == MOST_INCLUDED:
            told = f"Rulebooks include one another more than {MOST_INCLUDED} deep."
            raise RuleError(Problem("include", told, place))
        if any(source.file == known.file for known in ordered):
            return
        open_files.append(source.file)
        included = source.value.get("include") if isinstance(source.value, dict) else None
        for index, name in enumerate(included if isinstance(included, list) else ()):
            place = source.place(("include", index))
            add(_fetched(str(name), source.file, find, place), place)
        open_files.pop()
        ordered.append(source)

    add(first, Place(first.file))
    return ordered


def _fetched(name: str, by: str, find: Find | None, place: Place) -> Located:
    """The rulebook that the file `by` includes under this name."""
    if find is None:
        raise RuleError(Problem("include", "This rulebook includes others, and none can be fetched here.", place))
    try:
        text, file = find(name, by)
    except (OSError, LookupError, ValueError) as error:
        raise RuleError(Problem("include", f"The rulebook {name!r} cannot be included: {error}.", place)) from None
    return load_yaml(text, file)


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
        fields = {name: value for name, value, _, _ in self.section("fields")}
        params = [self.param(*entry) for entry in self.section("params")]
        rules = [self.rule(*entry) for entry in self.section("rules")]
        return Rulebook(
            name=top["rulebook"],
            version=top.get("version", 1),
            title=_title(top, top["rulebook"]),
            kinds=self.kinds,
            fields={name: WRITTEN_TYPES[_type_of(value)] for name, value in fields.items()},
            field_titles={name: _title(value, name) for name, value in fields.items() if isinstance(value, dict)},
            terms={name: value for name, value, _, _ in self.section("terms")},
            params={param.name: param for param in params if param},
            rules={rule.name: rule for rule in rules if rule},
            groups=tuple(self.tag_group(*entry) for entry in self.section("groups")),
            reactions=tuple(self.reactions()),
            journeys={entry[0]: self.journey(*entry) for entry in self.section("journeys")},
            texts={name: value for name, value, _, _ in self.section("texts")},
            clauses=tuple(self.clauses),
            sources=tuple(self.sources),
        )

    def section(self, name: str) -> Iterator[tuple[str, Any, Path, Located]]:
        """The entries of a section over all sources; a name defined twice is a problem."""
        seen: dict[str, Located] = {}
        for source in self.sources:
            for key, value in source.value.get(name, {}).items():
                path = (name, key)
                if key in seen:
                    told = f"{name}.{key} is defined here and in {seen[key].key_place(path)}."
                    self.problems.append(Problem("defined-twice", told, source.key_place(path)))
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
        except Unreadable as error:
            self.problems.append(Problem("param", f"{error}.", source.place(path)))
            return None
        quantile = number(value["quantile"])
        if not 0 < quantile <= SCALE:
            told = f"The quantile {value['quantile']} is not above 0 and at most 1."
            self.problems.append(Problem("param", told, source.place((*path, "quantile"))))
        of = self.value(value["of"], (*path, "of"), source)
        return Param(name, number(value["default"]), "number", quantile, of) if of else None

    def value(self, text: str, path: Path, source: Located) -> tree.Value | None:
        """A value, parsed as the left side of a comparison with 0."""
        clause = self.clause(text + " >= 0", path, source)
        if clause is None:
            return None
        if isinstance(clause.condition, tree.Compare) and clause.condition.right == tree.Number(0):
            return clause.condition.left
        told = "A fitted parameter is of one number, such as sum(order.placed.amount) over 365d."
        self.problems.append(Problem("param", told, source.place(path)))
        return None

    def rule(self, name: str, value: Any, path: Path, source: Located) -> Rule | None:
        text, where = (value["when"], (*path, "when")) if isinstance(value, dict) else (value, path)
        clause = self.clause(text, where, source)
        return Rule(name, clause, value.get("title") if isinstance(value, dict) else None) if clause else None

    def tag_group(self, name: str, value: dict[str, Any], path: Path, source: Located) -> TagGroup:
        tags = [self.tag(f"{name}/{tag}", of, (*path, "tags", tag), source) for tag, of in value["tags"].items()]
        every = duration(value["review"]["every"]) if "review" in value else None
        return TagGroup(name, _title(value, name), value["kind"], tuple(tags), every, value.get("dimension", ""))

    def tag(self, name: str, value: dict[str, Any], path: Path, source: Located) -> Tag:
        ends = [number(end) / SCALE for end in value.get("share", ())]
        return Tag(
            name,
            _title(value, name.partition("/")[2]),
            value.get("color", "gray"),
            self.clause(value["when"], (*path, "when"), source) if "when" in value else None,
            otherwise=value.get("otherwise", False),
            by_hand=value.get("by_hand", False),
            unlisted=value.get("unlisted", False),
            share=(ends[0], ends[1]) if ends else None,
        )

    def reactions(self) -> Iterator[Reaction]:
        for source in self.sources:
            for index, value in enumerate(source.value.get("reactions", ())):
                path = ("reactions", index)
                when = self.clause(value["when"], (*path, "when"), source) if "when" in value else None
                deeds = [_deed(deed, (*path, "do", place), source) for place, deed in enumerate(value["do"])]
                tag = source.place((*path, "tag"))
                yield Reaction(value["edge"], value["tag"], when, tuple(value["do"]), tuple(deeds), tag)

    def journey(self, name: str, value: dict[str, Any], path: Path, source: Located) -> Journey:
        ends = {
            end: self.clause(value[end]["when"], (*path, end, "when"), source) if end in value else None
            for end in ("stop", "goal")
        }
        steps = list(_steps(value["steps"], (*path, "steps")))
        for step, here in steps:
            if "wait" in step:
                self.clause(step["wait"]["until"], (*here, "wait", "until"), source)
            for index, branch in enumerate(step.get("branch", ())):
                self.clause(branch["when"], (*here, "branch", index, "when"), source)
        return Journey(
            name,
            _title(value, name),
            tuple(value["steps"]),
            ends["stop"],
            ends["goal"],
            value.get("re_enter", "ended"),
            tuple(_deed(step, here, source) for step, here in steps if not step.keys() & {"wait", "branch"}),
        )


def _steps(steps: list[dict[str, Any]], path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Every step and its path, those inside branches behind the branch."""
    for index, step in enumerate(steps):
        here = (*path, index)
        yield step, here
        for place, branch in enumerate(step.get("branch", ())):
            yield from _steps(branch["steps"], (*here, "branch", place, "steps"))
        yield from _steps(step.get("otherwise", []), (*here, "otherwise"))


def _deed(written: Mapping[str, Any], path: Path, source: Located) -> Deed:
    verb = next(key for key in written if key != "after")
    about = written[verb]
    if isinstance(about, str):
        return Deed(verb, about, source.place((*path, verb)))
    named = "text" if verb == "follow_up" and "text" in about else ""
    return Deed(verb, about.get(named, ""), source.place((*path, verb, named) if named else (*path, verb)))


def _title(value: Mapping[str, Any], name: str) -> Words:
    """The title, or the name where there is none."""
    title: Words = value.get("title") or {"en": name, "zh": name}
    return title


def _type_of(value: Any) -> str:
    return str(value["type"] if isinstance(value, dict) else value)


def _param_value(written: object) -> tuple[int | str, Literal["number", "text", "duration"]]:
    """A number, a duration such as 10m, or else a text. Raises `Unreadable` for a number that cannot be held."""
    text = repr(written) if isinstance(written, float) else str(written).strip()
    if _NUMERIC.fullmatch(text):
        return number(text), "number"
    try:
        return duration(text), "duration"
    except Unreadable:
        return text, "text"
