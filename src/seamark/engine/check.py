"""What a rulebook's names and types mean together: every reference found, every use of one type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from seamark.engine import tree
from seamark.engine.errors import Place, Problem, Severity, Unreadable, nearest
from seamark.engine.events import Reads
from seamark.engine.kinds import EVERY_EVENT, FIELD_KIND, HAND_KINDS, STANDARD_KINDS, Type
from seamark.engine.moments import parse_day
from seamark.engine.rulebook import Clause, Param, Rulebook
from seamark.engine.write import write

ValueType = Type | Literal["duration"]
PropName = tuple[str, str]
"""(kind, prop)"""


def check(rulebook: Rulebook) -> tuple[Rulebook, list[Problem]]:
    """The rulebook with what it reads filled in, and every problem found."""
    check = _Check(rulebook)
    check.run()
    return replace(rulebook, fields={**rulebook.fields, **check.field_types}, reads=check.reads()), check.problems


def value_type(value: tree.Value, reads: Reads, params: Mapping[str, Param], kind: str = "") -> ValueType | None:
    """The type of a value; None where no use has told it yet. `kind` is that of the event at hand."""
    match value:
        case tree.Number() | tree.CountOf() | tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf():
            return "number"
        case tree.DistinctOf() | tree.MonthsSince() | tree.Arithmetic():
            return "number"
        case tree.AverageDelay() | tree.UntilAnniversary() | tree.Duration():
            return "duration"
        case tree.Last() | tree.First():
            return "moment"
        case tree.Text():
            return "text"
        case tree.Param(name=name):
            return params[name].type if name in params else None
        case tree.Prop(name=name):
            return reads.props.get(kind, {}).get(name)
        case tree.PropOf(event=event, prop=prop):
            return reads.props.get(event.events.kind, {}).get(prop)
        case tree.Field(name=name, part=part):
            return "number" if part else reads.fields.get(name)
    raise TypeError(f"{type(value).__name__} is no value")


class _Check:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.problems: list[Problem] = []
        self.clause: Clause
        self.prop_types: dict[PropName, Type] = {}
        self.field_types: dict[str, Type] = {}
        self.learnt_at: dict[PropName | str, Place] = {}
        self.read_props: set[PropName] = set()
        self.read_fields: set[str] = set()
        self.settling = False
        """In the second round a use that fits several types settles those nobody has told."""
        self.final = False

    def run(self) -> None:
        for self.settling, self.final in ((False, False), (True, False), (True, True)):
            for self.clause in self.rulebook.clauses:
                self.condition(self.clause.condition, "")
        self.names()
        self.circles()
        self.groups()
        self.problems = list(dict.fromkeys(self.problems))

    def reads(self) -> Reads:
        """What the rulebook looks at, typed; a prop of which nothing is told is a text."""
        props: dict[str, dict[str, Type]] = {}
        for node in (node for clause in self.rulebook.clauses for node in clause.condition.walk()):
            if isinstance(node, tree.Events):
                props.setdefault(node.kind, {})
        for kind, prop in sorted(self.read_props):
            props.setdefault(kind, {})[prop] = self.prop_type(kind, prop) or "text"
        return Reads(
            {**props, **{kind: dict(STANDARD_KINDS[kind]) for kind in (*HAND_KINDS, FIELD_KIND)}},
            {name: self.field_type(name) or "text" for name in sorted(self.read_fields)},
        )

    # Types

    def prop_type(self, kind: str, prop: str) -> Type | None:
        declared = EVERY_EVENT.get(prop) or self.rulebook.kinds.get(kind, {}).get(prop)
        return declared or self.prop_types.get((kind, prop))

    def field_type(self, name: str) -> Type | None:
        return self.rulebook.fields.get(name) or self.field_types.get(name)

    def type_of(self, value: tree.Value, kind: str) -> ValueType | None:
        match value:
            case tree.Prop(name=name):
                return self.prop_type(kind, name)
            case tree.PropOf(event=event, prop=prop):
                return self.prop_type(event.events.kind, prop)
            case tree.Field(name=name, part=""):
                return self.field_type(name)
        return value_type(value, Reads(), self.rulebook.params)

    def require(self, value: tree.Value, wanted: ValueType, kind: str) -> None:
        """`value` is used as `wanted`: learnt where nothing is known, a problem where something else is."""
        known = self.type_of(value, kind)
        if known is None:
            self.learn(value, wanted, kind)
        elif known != wanted and not (known == "date" and isinstance(value, tree.Text)):
            self.conflict(value, known, wanted, kind)

    def learn(self, value: tree.Value, wanted: ValueType, kind: str) -> None:
        if wanted == "duration":
            return self.tell("type", f"{_written(value)} cannot be compared with a duration.", value.at)
        match value:
            case tree.Prop(name=name):
                self.prop_types[kind, name] = wanted
                self.learnt_at[kind, name] = self.clause.place(value.at)
            case tree.PropOf(event=event, prop=prop):
                self.prop_types[event.events.kind, prop] = wanted
                self.learnt_at[event.events.kind, prop] = self.clause.place(value.at)
            case tree.Field(name=name):
                self.field_types[name] = wanted
                self.learnt_at[name] = self.clause.place(value.at)

    def conflict(self, value: tree.Value, known: ValueType, wanted: ValueType, kind: str) -> None:
        name = {
            tree.Prop: lambda v: (kind, v.name),
            tree.PropOf: lambda v: (v.event.events.kind, v.prop),
            tree.Field: lambda v: v.name,
        }.get(type(value), lambda v: "")(value)
        learnt = self.learnt_at.get(name)
        since = f" (as used at {learnt})" if learnt else ""
        self.tell("type", f"{_written(value)} is a {known}{since}; here a {wanted} is meant.", value.at)

    # Conditions

    def condition(self, condition: tree.Condition, kind: str) -> None:
        match condition:
            case tree.All(of=parts) | tree.Any(of=parts):
                for part in parts:
                    self.condition(part, kind)
            case tree.Not(part=part):
                self.condition(part, kind)
            case tree.Within(moment=moment, length=length) | tree.OlderThan(moment=moment, length=length):
                self.value(moment, kind)
                self.window(length, condition.at)
            case tree.Some(events=events, over=over) | tree.NoneOf(events=events, over=over):
                self.events(events)
                self.window(over, condition.at)
            case tree.Compare(op=op, left=left, right=right):
                self.value(left, kind)
                self.value(right, kind)
                self.alike(left, right, kind, ordered=op not in ("=", "!="))
            case tree.Between(value=value, low=low, high=high):
                for each in (value, low, high):
                    self.value(each, kind)
                self.alike(value, low, kind, ordered=True)
                self.alike(value, high, kind, ordered=True)
            case tree.In(value=value, choices=choices):
                for each in (value, *choices):
                    self.value(each, kind)
                for choice in choices:
                    self.alike(value, choice, kind, ordered=False)
            case tree.Has(value=value, text=text):
                self.value(value, kind)
                self.require(value, "list", kind)
                if isinstance(value, tree.Prop) and value.name == "mentions":
                    self.known("term", text, self.rulebook.terms, condition.at)
            case tree.IsAbsent(value=value):
                self.value(value, kind)
            case tree.Tagged(tag=tag):
                self.known("tag", tag, self.rulebook.tags, condition.at)
            case tree.RuleRef(name=name):
                self.known("rule", name, self.rulebook.rules, condition.at)

    def alike(self, left: tree.Value, right: tree.Value, kind: str, *, ordered: bool) -> None:
        """Both sides must be of one type that can be compared so."""
        if not self.final:
            for one, other in ((left, right), (right, left)):
                known = self.type_of(other, kind)
                if self.type_of(one, kind) is None and known and (self.settling or not isinstance(other, tree.Text)):
                    self.require(one, known, kind)
            if self.settling and self.type_of(left, kind) is None and self.type_of(right, kind) is None:
                for side in (left, right):
                    self.require(side, "number" if ordered else "text", kind)
            return
        types = self.type_of(left, kind), self.type_of(right, kind)
        if None in types:
            return
        if "date" in types and (text := next((side for side in (left, right) if isinstance(side, tree.Text)), None)):
            try:
                parse_day(text.text)
            except Unreadable as error:
                self.tell("date", f"{error}.", text.at)
            return
        if types[0] != types[1]:
            told = f"{_written(left)} is a {types[0]} and {_written(right)} a {types[1]}; they cannot be compared."
            learnt = next((self.learnt_at[name] for side in (left, right) if (name := self.name_of(side, kind)) in self.learnt_at), None)
            self.tell("type", told + (f" (The first use is at {learnt}.)" if learnt else ""), left.at)
        elif types[0] in ("list", "range"):
            how = "has" if types[0] == "list" else ".low or .high"
            self.tell("type", f"{_written(left)} is a {types[0]}; ask it with {how}.", left.at)
        elif ordered and types[0] == "text":
            self.tell("type", f"{_written(left)} is a text; texts are compared with =, != and in only.", left.at)

    def name_of(self, value: tree.Value, kind: str) -> PropName | str:
        match value:
            case tree.Prop(name=name):
                return kind, name
            case tree.PropOf(event=event, prop=prop):
                return event.events.kind, prop
            case tree.Field(name=name):
                return name
        return ""

    def value(self, value: tree.Value, kind: str) -> None:
        match value:
            case tree.CountOf(events=events, over=over):
                self.events(events)
                self.window(over, value.at)
            case tree.DistinctOf(events=events, prop=prop, over=over):
                self.events(events)
                self.read_props.add((events.kind, prop))
                self.window(over, value.at)
            case tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf():
                self.events(value.events)
                self.read_props.add((value.events.kind, value.prop))
                self.require(tree.PropOf(tree.Last(value.events), value.prop, at=value.at), "number", kind)
                self.window(value.over, value.at)
            case tree.AverageDelay(events=events, since=since, over=over):
                self.events(events)
                self.events(since)
                self.window(over, value.at)
            case tree.Last(events=events) | tree.First(events=events):
                self.events(events)
            case tree.PropOf(event=event, prop=prop):
                self.events(event.events)
                self.read_props.add((event.events.kind, prop))
            case tree.MonthsSince(field=field) | tree.UntilAnniversary(field=field):
                self.read_fields.add(field.name)
                self.require(field, "date", kind)
            case tree.Arithmetic(left=left, right=right):
                for side in (left, right):
                    self.value(side, kind)
                    self.require(side, "number", kind)
                    if isinstance(side, tree.MonthsSince):
                        self.tell("calendar", "months_since is compared directly, without + - *.", side.at)
            case tree.Prop(name=name):
                self.read_props.add((kind, name))
            case tree.Field(name=name, part=part):
                self.read_fields.add(name)
                if part:
                    self.require(replace(value, part=""), "range", kind)
            case tree.Param(name=name):
                self.known("param", name, self.rulebook.params, value.at)

    def events(self, events: tree.Events) -> None:
        """The kind is known, or said not to be; its filter is checked."""
        if events.kind not in self.rulebook.kinds and self.final:
            close = nearest(events.kind, self.rulebook.kinds)
            self.tell(
                "unknown-kind",
                f"{events.kind} is no known kind of event; name it under `kinds:` if it is your own.",
                events.at,
                close,
                "error" if close else "warning",
            )
        if events.where is not None:
            self.condition(events.where, events.kind)

    def window(self, length: int | None, at: int) -> None:
        if length == 0:
            self.tell("empty-window", "A window of length 0 holds nothing.", at)

    # Names over the whole file

    def known(self, what: str, name: str, known: Iterable[str], at: int) -> None:
        known = list(known)
        if name not in known and self.final:
            self.tell(f"unknown-{what}", f"There is no {what} {name!r}.", at, nearest(name, known))

    def names(self) -> None:
        """References outside conditions: reactions and journeys name tags, journeys and texts."""
        for source in self.rulebook.sources:
            for index, reaction in enumerate(source.value.get("reactions") or ()):
                self.named("tag", reaction["tag"], self.rulebook.tags, source.place(("reactions", index, "tag")))
                for number, deed in enumerate(reaction["do"]):
                    self.deed(deed, lambda key, at=("reactions", index, "do", number), of=source: of.place((*at, key)))
            for name, journey in (source.value.get("journeys") or {}).items():
                for step, path in _steps(journey["steps"], ("journeys", name, "steps")):
                    self.deed(step, lambda key, at=path, of=source: of.place((*at, key)))

    def deed(self, deed: Mapping[str, object], place: object) -> None:
        references = {
            "start": ("journey", self.rulebook.journeys),
            "stop": ("journey", self.rulebook.journeys),
            "send": ("text", self.rulebook.texts),
            "set": ("tag", self.rulebook.tags),
            "clear": ("tag", self.rulebook.tags),
        }
        for key, (what, known) in references.items():
            if key in deed:
                self.named(what, str(deed[key]), known, place(key))  # type: ignore[operator]
        follow_up = deed.get("follow_up")
        if isinstance(follow_up, Mapping) and "text" in follow_up:
            self.named("text", follow_up["text"], self.rulebook.texts, place("follow_up"))  # type: ignore[operator]

    def named(self, what: str, name: str, known: Iterable[str], place: Place) -> None:
        known = list(known)
        if name not in known:
            self.problems.append(Problem(f"unknown-{what}", f"There is no {what} {name!r}.", place, nearest(name, known)))

    def circles(self) -> None:
        """Rules and tags that stand on themselves; each circle is named once."""
        below = references(self.rulebook)
        told: set[frozenset[str]] = set()
        done: set[str] = set()
        for start in below:
            for ring in _rings(start, below, done):
                if frozenset(ring) not in told:
                    told.add(frozenset(ring))
                    names = " → ".join([*ring, ring[0]])
                    self.problems.append(Problem("circle", f"These stand on one another in a circle: {names}.", self.home(ring[0])))

    def home(self, name: str) -> Place:
        """Where a rule or tag is defined, by its name in `references`."""
        kind, _, rest = name.partition(" ")
        clause = self.rulebook.rules[rest].clause if kind == "rule" else None
        if kind == "tag":
            clause = self.rulebook.tags[rest].clause
        if clause is None and kind == "group":
            group = next(group for group in self.rulebook.groups if group.name == rest)
            clause = next((tag.clause for tag in group.tags if tag.clause), None)
        return clause.place(0) if clause else Place()

    def groups(self) -> None:
        for source in self.rulebook.sources:
            for name, group in source.value["groups"].items():
                others = [tag for tag, value in group["tags"].items() if value.get("otherwise")]
                if group["kind"] == "set" and others:
                    self.problems.append(Problem("otherwise", "A set group has no otherwise.", source.place(("groups", name, "tags", others[0]))))
                if len(others) > 1:
                    self.problems.append(
                        Problem("otherwise", f"A level group has one otherwise; here are {' and '.join(others)}.", source.place(("groups", name, "tags", others[1])))
                    )

    def tell(self, code: str, message: str, at: int, hint: str = "", severity: Severity = "error") -> None:
        self.problems.append(Problem(code, message, self.clause.place(at), hint, severity))


def references(rulebook: Rulebook) -> dict[str, list[str]]:
    """What each rule, tag and level group stands on: `rule x`, `tag g/t` or `group g` → the same.

    The tags of a level group stand on the group as a whole, since an earlier level rules out a later one.
    """
    tags = rulebook.tags
    levels = {group.name for group in rulebook.groups if group.kind == "level"}

    def below(clause: Clause | None) -> list[str]:
        found = []
        for node in clause.condition.walk() if clause else ():
            if isinstance(node, tree.RuleRef) and node.name in rulebook.rules:
                found.append(f"rule {node.name}")
            if isinstance(node, tree.Tagged) and node.tag in tags:
                group = node.tag.partition("/")[0]
                found.append(f"group {group}" if group in levels else f"tag {node.tag}")
        return list(dict.fromkeys(found))

    graph = {f"rule {name}": below(rule.clause) for name, rule in rulebook.rules.items()}
    for group in rulebook.groups:
        if group.kind == "level":
            graph[f"group {group.name}"] = list(dict.fromkeys(name for tag in group.tags for name in below(tag.clause)))
        else:
            graph |= {f"tag {tag.name}": below(tag.clause) for tag in group.tags}
    return graph


def _rings(start: str, below: Mapping[str, list[str]], done: set[str]) -> Iterator[list[str]]:
    """Circles reachable from `start`, walked without recursion."""
    path: list[str] = []
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            path.pop()
            done.add(name)
        elif name in path:
            yield path[path.index(name) :]
        elif name not in done:
            path.append(name)
            stack.append((name, True))
            stack.extend((next_name, False) for next_name in below.get(name, ()))


def _steps(steps: list[dict[str, object]], path: tuple[str | int, ...]) -> Iterator[tuple[dict[str, object], tuple[str | int, ...]]]:
    for index, step in enumerate(steps):
        here = (*path, index)
        yield step, here
        for place, branch in enumerate(step.get("branch", ())):  # type: ignore[arg-type, var-annotated]
            yield from _steps(branch["steps"], (*here, "branch", place, "steps"))
        yield from _steps(step.get("otherwise", []), (*here, "otherwise"))  # type: ignore[arg-type]


def _written(value: tree.Value) -> str:
    return write(value)

