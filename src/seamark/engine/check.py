"""What a rulebook's names and types mean together: every reference found, every use of one type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Literal

from seamark.engine import tree
from seamark.engine.errors import Place, Problem, Severity, Unreadable, nearest
from seamark.engine.events import Reads
from seamark.engine.kinds import EVERY_EVENT, FIELD_KIND, HAND_KINDS, STANDARD_KINDS, Type
from seamark.engine.moments import parse_day
from seamark.engine.parse import DEEPEST
from seamark.engine.rulebook import Clause, Param, Rulebook
from seamark.engine.write import write

ValueType = Type | Literal["duration"]
LONGEST_CHAIN = 100
"""How many rules and tags may stand on one another in a row."""
MOST_NODES = 20_000
"""How many parts a condition may have with its rules written out."""

Name = tuple[str, str]
"""(kind, prop) of a prop, ("", field) of a field."""


def check(rulebook: Rulebook) -> tuple[Rulebook, list[Problem]]:
    """The rulebook with what it reads filled in, and every problem found."""
    types = _Types(rulebook)
    problems = [*types.run(), *_declarations(rulebook), *_groups(rulebook), *_deeds(rulebook)]
    problems += list(_circles(rulebook)) or list(_too_much(rulebook))
    reads = types.reads()
    fields = {name: type_ for (kind, name), type_ in types.learnt.items() if not kind}
    return replace(rulebook, fields={**rulebook.fields, **fields}, reads=reads), problems


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


def named(value: tree.Value, kind: str) -> Name | None:
    """What prop or field a value is, if it is one; `kind` is that of the event at hand."""
    match value:
        case tree.Prop(name=name):
            return kind, name
        case tree.PropOf(event=event, prop=prop):
            return event.events.kind, prop
        case tree.Field(name=name, part=""):
            return "", name
    return None


def is_mentions(value: tree.Value) -> bool:
    """Whether the value is the list of terms that an event mentions."""
    name = named(value, "")
    return not isinstance(value, tree.Field) and name is not None and name[1] == "mentions"


class _Types:
    """Walks every condition three times: types told by use, types settled by default, then problems told."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.problems: list[Problem] = []
        self.clause: Clause
        self.learnt: dict[Name, Type] = {}
        self.learnt_at: dict[Name, Place] = {}
        self.read: dict[Name, Place] = {}
        """What is looked at, and where first."""
        self.choices = _choices(rulebook)
        self.settling = False
        """In the second round a use that fits several types settles those nobody has told."""
        self.final = False

    def run(self) -> list[Problem]:
        for self.settling, self.final in ((False, False), (True, False), (True, True)):
            self.walk()
        self.misspelt()
        return self.problems

    def walk(self) -> None:
        for clause in self.rulebook.clauses:
            self.clause = clause
            self.condition(clause.condition, "")

    def reads(self) -> Reads:
        """What the rulebook looks at, typed; a prop of which nothing is told is a text."""
        props: dict[str, dict[str, Type]] = {}
        fields: dict[str, Type] = {}
        for node in (node for clause in self.rulebook.clauses for node in clause.condition.walk()):
            if isinstance(node, tree.Events):
                props.setdefault(node.kind, {})
        for kind, name in sorted(self.read):
            held = props.setdefault(kind, {}) if kind else fields
            held[name] = self.known((kind, name)) or "text"
        standing = {kind: dict(STANDARD_KINDS[kind]) for kind in (*HAND_KINDS, FIELD_KIND)}
        return Reads({**props, **standing}, fields)

    # Types

    def known(self, name: Name) -> Type | None:
        kind, prop = name
        if not kind:
            return self.rulebook.fields.get(prop) or self.learnt.get(name)
        return EVERY_EVENT.get(prop) or self.rulebook.kinds.get(kind, {}).get(prop) or self.learnt.get(name)

    def type_of(self, value: tree.Value, kind: str) -> ValueType | None:
        name = named(value, kind)
        return self.known(name) if name else value_type(value, Reads(), self.rulebook.params)

    def require(self, value: tree.Value, wanted: ValueType, kind: str) -> None:
        """`value` is used as `wanted`: learnt where nothing is known, a problem where something else is."""
        known = self.type_of(value, kind)
        if known is None:
            self.learn(value, wanted, kind)
        elif known != wanted:
            name = named(value, kind)
            since = f" (as used at {self.learnt_at[name]})" if name in self.learnt_at else ""
            self.tell("type", f"{write(value)} is a {known}{since}; here a {wanted} is meant.", value.at)

    def learn(self, value: tree.Value, wanted: ValueType, kind: str) -> None:
        name = named(value, kind)
        if name and wanted != "duration":
            self.learnt[name] = wanted
            self.learnt_at[name] = self.clause.place(value.at)

    def alike(self, left: tree.Value, right: tree.Value, kind: str, *, ordered: bool) -> None:
        """Both sides must be of one type that can be compared so."""
        if not self.final:
            self.learn_alike(left, right, kind, ordered=ordered)
            return
        types = self.type_of(left, kind), self.type_of(right, kind)
        if None in types:  # a parameter that is not known, or what nothing but a duration was compared with
            if "duration" in types:
                self.tell("type", f"{write(left)} and {write(right)} cannot be compared.", left.at)
            return
        text = next((side for side in (left, right) if isinstance(side, tree.Text)), None)
        if "date" in types and text:
            self.dated(text)
        elif whole := next((side for side in (left, right) if self.type_of(side, kind) in ("list", "range")), None):
            type_ = self.type_of(whole, kind)
            how = "has" if type_ == "list" else ".low or .high"
            self.tell("type", f"{write(whole)} is a {type_}; ask it with {how}.", whole.at)
        elif types[0] != types[1]:
            told = f"{write(left)} is a {types[0]} and {write(right)} a {types[1]}; they cannot be compared."
            uses = (self.learnt_at.get(name) for side in (left, right) if (name := named(side, kind)))
            learnt = next(filter(None, uses), None)
            self.tell("type", told + (f" (The first use is at {learnt}.)" if learnt else ""), left.at)
        elif ordered and types[0] == "text":
            self.tell("type", f"{write(left)} is a text; texts are compared with =, != and in only.", left.at)
        elif text:
            self.choice(left if text is right else right, text)

    def learn_alike(self, left: tree.Value, right: tree.Value, kind: str, *, ordered: bool) -> None:
        for one, other in ((left, right), (right, left)):
            known = self.type_of(other, kind)
            if self.type_of(one, kind) is None and known and (self.settling or not isinstance(other, tree.Text)):
                self.require(one, known, kind)
        if self.settling and self.type_of(left, kind) is None and self.type_of(right, kind) is None:
            for side in (left, right):
                self.require(side, "number" if ordered else "text", kind)

    def dated(self, text: tree.Text) -> None:
        try:
            parse_day(text.text)
        except Unreadable as error:
            self.tell("date", f"{error}.", text.at)

    def choice(self, value: tree.Value, text: tree.Text) -> None:
        """A field is compared with one of the choices it is declared with."""
        choices = self.choices.get(value.name) if isinstance(value, tree.Field) else None
        if choices and text.text not in choices:
            close = nearest(text.text, choices)
            told = f"{text.text!r} is none of the choices of {write(value)}: {', '.join(choices)}."
            self.tell("unknown-choice", told, text.at, close, "error" if close else "warning")

    # Conditions

    def condition(self, condition: tree.Condition, kind: str) -> None:
        match condition:
            case tree.All() | tree.Any() | tree.Not():
                for part in condition.parts():
                    assert isinstance(part, tree.Condition)
                    self.condition(part, kind)
            case tree.Within(moment=moment, length=length) | tree.OlderThan(moment=moment, length=length):
                self.value(moment, kind)
                self.window(length, condition.at)
            case tree.Some(events=events, over=over) | tree.NoneOf(events=events, over=over):
                self.events(events)
                self.window(over, condition.at)
            case tree.Tagged(tag=tag):
                self.reference("tag", tag, self.rulebook.tags, condition.at)
            case tree.RuleRef(name=name):
                self.reference("rule", name, self.rulebook.rules, condition.at)
            case _:
                self.comparison(condition, kind)

    def comparison(self, condition: tree.Condition, kind: str) -> None:
        for value in condition.parts():
            assert isinstance(value, tree.Value)
            self.value(value, kind)
        self.calendar(condition)
        match condition:
            case tree.Compare(op=op, left=left, right=right):
                self.alike(left, right, kind, ordered=op not in ("=", "!="))
            case tree.Between(value=value, low=low, high=high):
                self.alike(value, low, kind, ordered=True)
                self.alike(value, high, kind, ordered=True)
            case tree.In(value=value, choices=choices):
                for choice in choices:
                    self.alike(value, choice, kind, ordered=False)
            case tree.Has(value=value, text=text):
                self.require(value, "list", kind)
                if is_mentions(value):
                    # Outside brackets a list of texts is asked, which may come from elsewhere.
                    severity: Severity = "error" if isinstance(value, tree.Prop) else "warning"
                    self.reference("term", text, self.rulebook.terms, condition.at, severity)

    def calendar(self, comparison: tree.Condition) -> None:
        """Calendar values meet figures alone: only then is it known on which day a comparison turns."""
        values = [part for part in comparison.parts() if isinstance(part, tree.Value)]
        asked = next((value for value in values if isinstance(value, tree.MonthsSince | tree.UntilAnniversary)), None)
        others = [value for value in values if value is not asked]
        if asked and not all(isinstance(value, tree.Number | tree.Duration | tree.Param) for value in others):
            figure = "number" if isinstance(asked, tree.MonthsSince) else "duration"
            told = f"{write(asked)} is compared with a {figure} or a parameter, not with what is reckoned from events."
            self.tell("calendar", told, asked.at)

    def value(self, value: tree.Value, kind: str) -> None:
        for part in value.parts():
            if isinstance(part, tree.Events):
                self.events(part)
            elif isinstance(part, tree.Value):
                self.value(part, kind)
        self.window(getattr(value, "over", None), value.at)
        if name := named(value, kind):
            self.read.setdefault(name, self.clause.place(value.at))
        match value:
            case tree.DistinctOf(events=events, prop=prop):
                self.read.setdefault((events.kind, prop), self.clause.place(value.at))
            case tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf():
                gathered = tree.PropOf(tree.Last(value.events), value.prop, at=value.at)
                self.read.setdefault((value.events.kind, value.prop), self.clause.place(value.at))
                self.require(gathered, "number", kind)
            case tree.MonthsSince(field=field) | tree.UntilAnniversary(field=field):
                self.require(field, "date", kind)
            case tree.Arithmetic(left=left, right=right):
                for side in (left, right):
                    self.require(side, "number", kind)
                    if isinstance(side, tree.MonthsSince):
                        self.tell("calendar", "months_since is compared directly, without + - *.", side.at)
            case tree.Prop(name=prop) if prop.startswith("contact."):
                told = f"Brackets look at the event alone; compare {prop} outside them."
                self.tell("field-in-brackets", told, value.at)
            case tree.Field(name=prop, part="low" | "high"):
                self.read.setdefault(("", prop), self.clause.place(value.at))
                self.require(replace(value, part=""), "range", kind)
            case tree.Param(name=prop):
                self.reference("param", prop, self.rulebook.params, value.at)

    def events(self, events: tree.Events) -> None:
        """The kind is known, or said not to be; its filter is checked."""
        if events.kind not in self.rulebook.kinds:
            close = nearest(events.kind, self.rulebook.kinds)
            told = f"{events.kind} is no known kind of event; name it under `kinds:` if it is your own."
            self.tell("unknown-kind", told, events.at, close, "error" if close else "warning")
        if events.where is not None:
            self.condition(events.where, events.kind)

    def window(self, length: int | None, at: int) -> None:
        if length == 0:
            self.tell("empty-window", "A window of length 0 holds nothing.", at)

    # Names

    def reference(self, what: str, name: str, known: Iterable[str], at: int, severity: Severity = "error") -> None:
        """What is defined, but wrong itself, is told of where it stands."""
        if name not in known and not self.rulebook.place(f"{what}s", name).line:
            self.tell(f"unknown-{what}", f"There is no {what} {name!r}.", at, nearest(name, known), severity)

    def misspelt(self) -> None:
        """Props that a known kind is not known to have, where they are near one it has."""
        for (kind, prop), place in self.read.items():
            known = {**self.rulebook.kinds.get(kind, {}), **EVERY_EVENT}
            close = nearest(prop, known) if kind in self.rulebook.kinds and prop not in known else ""
            if close:
                told = f"{kind} is not known to have a prop {prop!r}; name it under `kinds:` if it has."
                self.problems.append(Problem("unknown-prop", told, place, close, "warning"))

    def tell(self, code: str, message: str, at: int, hint: str = "", severity: Severity = "error") -> None:
        if self.final:
            self.problems.append(Problem(code, message, self.clause.place(at), hint, severity))


def _choices(rulebook: Rulebook) -> dict[str, list[str]]:
    """The choices that fields are declared with."""
    declared = (entry for source in rulebook.sources for entry in source.value.get("fields", {}).items())
    return {name: value["choices"] for name, value in declared if isinstance(value, dict) and "choices" in value}


def _declarations(rulebook: Rulebook) -> Iterator[Problem]:
    """Declared names that stand for something else already, and terms without keywords."""
    for source in rulebook.sources:
        for kind, props in source.value.get("kinds", {}).items():
            for prop in props:
                standing = EVERY_EVENT.get(prop) or STANDARD_KINDS.get(kind, {}).get(prop)
                if standing and (prop in EVERY_EVENT or rulebook.kinds[kind][prop] != standing):
                    told = f"{kind}.{prop} is a {standing} already, and cannot be declared."
                    yield Problem("reserved", told, source.key_place(("kinds", kind, prop)))
    for name in rulebook.fields:
        if name.endswith((".low", ".high")):
            told = f"contact.{name} would be the end of a range; call the field something else."
            yield Problem("reserved", told, rulebook.place("fields", name))
    for name, term in rulebook.terms.items():
        if not term.keys() - {"title", "unless"}:
            told = f"The term {name!r} has no keywords; list them under en, zh or another language."
            yield Problem("empty-term", told, rulebook.place("terms", name))


def _groups(rulebook: Rulebook) -> Iterator[Problem]:
    for group in rulebook.groups:
        others = [tag.name.partition("/")[2] for tag in group.tags if tag.otherwise]
        if group.kind == "set" and others:
            place = rulebook.place("groups", group.name, "tags", others[0], "otherwise")
            yield Problem("otherwise", "A set group has no otherwise.", place)
        elif len(others) > 1:
            place = rulebook.place("groups", group.name, "tags", others[1], "otherwise")
            yield Problem("otherwise", f"A level group has one otherwise; here are {' and '.join(others)}.", place)
        for tag in group.tags:
            if tag.share and not 0 <= tag.share[0] <= tag.share[1] <= 1:
                place = rulebook.place("groups", group.name, "tags", tag.name.partition("/")[2], "share")
                yield Problem("share", "A share goes from a low end to a high one, both from 0 to 1.", place)


def _deeds(rulebook: Rulebook) -> Iterator[Problem]:
    """References outside conditions: reactions and journeys name tags, journeys and texts."""
    wanted: dict[str, tuple[str, Mapping[str, object]]] = {
        "start": ("journey", rulebook.journeys),
        "stop": ("journey", rulebook.journeys),
        "send": ("text", rulebook.texts),
        "follow_up": ("text", rulebook.texts),
        "set": ("tag", rulebook.tags),
        "clear": ("tag", rulebook.tags),
    }
    deeds = (deed for doer in rulebook.doers for deed in doer.deeds if deed.name)
    named = [(*wanted[deed.verb], deed.name, deed.place) for deed in deeds]
    named += [("tag", rulebook.tags, reaction.tag, reaction.place) for reaction in rulebook.reactions]
    for what, known, name, place in named:
        if name not in known:
            yield Problem(f"unknown-{what}", f"There is no {what} {name!r}.", place, nearest(name, known))


def _circles(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules and tags that stand on themselves; each circle is told once."""
    below = references(rulebook)
    told: set[frozenset[str]] = set()
    done: set[str] = set()
    for start in below:
        for ring in _rings(start, below, done):
            if frozenset(ring) not in told:
                told.add(frozenset(ring))
                names = " → ".join([*ring, ring[0]])
                place = below[ring[0]][ring[1 % len(ring)]]
                yield Problem("circle", f"These stand on one another in a circle: {names}.", place)


def _too_much(rulebook: Rulebook) -> Iterator[Problem]:
    """The first chain of references that is too long, and the first condition too large with its rules written out."""
    below = references(rulebook)
    chains: dict[str, int] = {}
    for name in TopologicalSorter(below).static_order():
        chains[name] = 1 + max((chains[other] for other in below[name]), default=0)
        if chains[name] > LONGEST_CHAIN:
            told = f"Rules and tags stand on one another in a chain of more than {LONGEST_CHAIN}."
            yield Problem("nesting", told, next(iter(below[name].values())))
            return
    sizes: dict[str, tuple[int, int]] = {}
    for name in (name.removeprefix("rule ") for name in chains if name.startswith("rule ")):
        sizes[name] = _size(rulebook.rules[name].clause.condition, sizes)
    for clause in rulebook.clauses:
        size, depth = _size(clause.condition, sizes)
        if size > MOST_NODES or depth > DEEPEST:
            told = f"With its rules written out this has over {MOST_NODES:,} parts, or nests deeper than {DEEPEST}."
            yield Problem("nesting", told, clause.place(0))
            return


def _size(condition: tree.Condition, rules: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """How many nodes there are and how deep they nest, with rules written out."""
    size, deepest = 0, 0
    stack: list[tuple[tree.Node, int]] = [(condition, 0)]
    while stack:
        node, depth = stack.pop()
        more, deeper = rules.get(node.name, (0, 0)) if isinstance(node, tree.RuleRef) else (1, 0)
        size, deepest = size + more, max(deepest, depth + deeper)
        below = depth + isinstance(node, tree.All | tree.Any | tree.Not | tree.Arithmetic)
        stack.extend((part, below) for part in node.parts())
    return size, deepest


def references(rulebook: Rulebook) -> dict[str, dict[str, Place]]:
    """What each rule, set tag and level group stands on: `rule x`, `tag g/t` or `group g` → the same, and where.

    The tags of a level group stand on the group as a whole, since an earlier level rules out a later one.
    """
    tags = rulebook.tags
    levels = {group.name for group in rulebook.groups if group.kind == "level"}

    def below(clause: Clause) -> Iterator[tuple[str, Place]]:
        for node in clause.condition.walk():
            if isinstance(node, tree.RuleRef) and node.name in rulebook.rules:
                yield f"rule {node.name}", clause.place(node.at)
            if isinstance(node, tree.Tagged) and node.tag in tags:
                group = node.tag.partition("/")[0]
                yield f"group {group}" if group in levels else f"tag {node.tag}", clause.place(node.at)

    graph = {f"rule {name}": dict(below(rule.clause)) for name, rule in rulebook.rules.items()}
    for group in rulebook.groups:
        for tag in group.tags:
            standing = graph.setdefault(f"group {group.name}" if group.kind == "level" else f"tag {tag.name}", {})
            standing.update(below(tag.clause) if tag.clause else ())
    return graph


def _rings(start: str, below: Mapping[str, Iterable[str]], done: set[str]) -> Iterator[list[str]]:
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
