"""What every evaluator works from: a rulebook's leaves, each once, and the tags that stand on them.

A leaf is a comparison that is true or false of a history at a moment. In a plan, rules are written
out, parameters are figures, and what can be said in two ways is said in one:
`any E over d` and `no E over d` are `last(E) within d` and its opposite, so they share what they need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal, cast

from seamark.engine import tree
from seamark.engine.check import ValueType, references, value_type
from seamark.engine.events import Reads
from seamark.engine.kinds import HAND_KINDS
from seamark.engine.moments import parse_day
from seamark.engine.rulebook import Rulebook, Tag
from seamark.engine.units import DAY
from seamark.engine.write import write

HAND_LASTS = 30 * DAY
"""How long a hand holds a computed tag when it names no `until` (engine.md, rule 7)."""


@dataclass(frozen=True, slots=True)
class Leaf(tree.Condition):
    """The leaf of that place in `Plan.leaves`."""

    index: int


@dataclass(frozen=True, slots=True)
class Day(tree.Value):
    """A literal date, as yyyymmdd."""

    day: int


@dataclass(frozen=True)
class PlannedTag:
    """A tag and the condition it stands on, in terms of leaves and of tags planned before it."""

    name: str
    place: int
    """Its place among `Plan.tags`."""
    condition: tree.Condition | None
    """None for `otherwise` and `by_hand`."""
    otherwise: bool = False
    by_hand: bool = False


@dataclass(frozen=True)
class Unit:
    """Tags decided together: all levels of a level group, or one tag of a set group."""

    kind: Literal["level", "set"]
    tags: tuple[PlannedTag, ...]


@dataclass(frozen=True)
class Plan:
    """Everything needed to evaluate, and nothing of how it is shown."""

    hash: str
    """Changes when any tag's meaning does."""
    tags: tuple[str, ...]
    """Names in the order of the file."""
    leaves: tuple[tree.Condition, ...]
    units: tuple[Unit, ...]
    """In an order in which every tag stands behind those it refers to."""
    reads: Reads = field(repr=False)
    figures: tuple[tree.Value, ...] = ()
    """Values that are wanted themselves, for fitting."""

    @cached_property
    def by_hand(self) -> frozenset[str]:
        """The tags that only members set."""
        return frozenset(tag.name for unit in self.units for tag in unit.tags if tag.by_hand)

    @cached_property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """The names of each level group's tags."""
        return tuple(tuple(tag.name for tag in unit.tags) for unit in self.units if unit.kind == "level")

    def values(self) -> Iterator[tree.Value]:
        """Each distinct value that leaves compare, those inside other values too."""
        seen: set[tree.Value] = set()
        for leaf in self.leaves:
            for node in outside_filters(leaf):
                if isinstance(node, tree.Value) and node not in seen:
                    seen.add(node)
                    yield node

    def type_of(self, value: tree.Value, kind: str = "") -> ValueType:
        """The type of a value; `kind` is that of the event at hand, for props in filters."""
        if isinstance(value, Day):
            return "date"
        return value_type(value, self.reads, {}, kind) or "text"


def plan_rulebook(
    rulebook: Rulebook, extra: Mapping[str, tree.Condition] | None = None, figures: tuple[tree.Value, ...] = ()
) -> Plan:
    """The plan of a rulebook.

    `extra` conditions are planned as further set tags under their names; `figures` are values of the
    rulebook's own conditions that are wanted themselves.
    """
    written_out = _WrittenOut(rulebook)
    conditions = {tag.name: written_out.of(tag.clause.condition) for tag in rulebook.tags.values() if tag.clause}
    more = {name: written_out.of(condition) for name, condition in (extra or {}).items()}
    tags = (*rulebook.tags, *more)
    digest = hashlib.sha256()
    for tag in rulebook.tags.values():
        told = write(conditions[tag.name]) if tag.clause else f"{tag.otherwise} {tag.by_hand}"
        digest.update(f"{tag.name}\0{told}\0".encode())
    for name, condition in more.items():
        digest.update(f"{name}\0{write(condition)}\0".encode())
    digest.update(repr((rulebook.reads.fields, [group.kind for group in rulebook.groups])).encode())
    leaves: dict[tree.Condition, int] = {}

    def planned(tag: Tag) -> PlannedTag:
        condition = _leaved(conditions[tag.name], leaves, rulebook) if tag.clause else None
        return PlannedTag(tag.name, tags.index(tag.name), condition, tag.otherwise, tag.by_hand)

    units = [
        Unit("level" if what == "group" else "set", tuple(planned(tag) for tag in members))
        for what, members in _in_order(rulebook)
    ]
    units += [
        Unit("set", (PlannedTag(name, tags.index(name), _leaved(condition, leaves, rulebook)),))
        for name, condition in more.items()
    ]
    reads = rulebook.reads
    figures = tuple(cast(tree.Value, written_out.node(figure)) for figure in figures)
    kept = _trimmed(reads, (*leaves, *figures))
    return Plan(digest.hexdigest()[:16], tags, tuple(leaves), tuple(units), kept, figures)


def outside_filters(node: tree.Node) -> Iterator[tree.Node]:
    """The node and all below it, save what stands in the brackets of `Events`."""
    yield node
    if not isinstance(node, tree.Events):
        for part in node.parts():
            yield from outside_filters(part)


def _trimmed(reads: Reads, leaves: tuple[tree.Node, ...]) -> Reads:
    """Only what the leaves read; hands always, fields' changes where fields are read."""
    kinds: dict[str, set[str]] = {}
    names: set[str] = set()
    for node in (node for leaf in leaves for node in leaf.walk()):
        match node:
            case tree.Events(kind=kind, where=where):
                inside = where.walk() if where else ()
                kinds.setdefault(kind, set()).update(part.name for part in inside if isinstance(part, tree.Prop))
            case tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf() | tree.DistinctOf():
                kinds.setdefault(node.events.kind, set()).add(node.prop)
            case tree.PropOf(event=event, prop=prop):
                kinds.setdefault(event.events.kind, set()).add(prop)
            case tree.Field(name=name):
                names.add(name)
    props = {kind: {name: reads.props[kind][name] for name in sorted(held)} for kind, held in sorted(kinds.items())}
    for kind in HAND_KINDS:
        props[kind] = {**reads.props[kind], **props.get(kind, {})}
    if names:
        props["field.changed"] = {**reads.props["field.changed"], **props.get("field.changed", {})}
    return Reads(props, {name: reads.fields[name] for name in sorted(names)})


def _in_order(rulebook: Rulebook) -> Iterator[tuple[str, tuple[Tag, ...]]]:
    """Level groups and set tags, each behind what it refers to."""
    below = references(rulebook)
    members: dict[str, tuple[Tag, ...]] = {}
    for group in rulebook.groups:
        if group.kind == "level":
            members[f"group {group.name}"] = group.tags
        else:
            members |= {f"tag {tag.name}": (tag,) for tag in group.tags}
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in done:
            return
        done.add(name)
        for lower in below.get(name, ()):
            yield from visit(lower)
        yield name

    for name in members:
        for each in visit(name):
            if each in members:
                yield each.partition(" ")[0], members[each]


class _WrittenOut:
    """Conditions with rules written out and parameters replaced by their figures."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.rules: dict[str, tree.Condition] = {}

    def of(self, condition: tree.Condition) -> tree.Condition:
        return cast(tree.Condition, self.node(condition))

    def node(self, node: tree.Node) -> tree.Node:
        if isinstance(node, tree.RuleRef):
            if node.name not in self.rules:
                self.rules[node.name] = self.of(self.rulebook.rules[node.name].clause.condition)
            return self.rules[node.name]
        if isinstance(node, tree.Param):
            param = self.rulebook.params[node.name]
            if isinstance(param.value, str):
                return tree.Text(param.value)
            return tree.Duration(param.value) if param.type == "duration" else tree.Number(param.value)
        return mapped(node, self.node)


def mapped(node: tree.Node, change: Callable[[Any], tree.Node]) -> tree.Node:
    """The node with `change` done to each node directly below it."""
    changed: dict[str, Any] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, tree.Node):
            changed[each.name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], tree.Node):
            changed[each.name] = tuple(change(part) for part in value)
    return replace(node, **changed) if changed else node


def _leaved(condition: tree.Condition, leaves: dict[tree.Condition, int], rulebook: Rulebook) -> tree.Condition:
    """The condition over leaves, new leaves added to `leaves`."""

    def leaf(of: tree.Condition) -> Leaf:
        return Leaf(leaves.setdefault(_dated(of, rulebook), len(leaves)))

    match condition:
        case tree.All(of=parts):
            return tree.All(tuple(_leaved(part, leaves, rulebook) for part in parts))
        case tree.Any(of=parts):
            return tree.Any(tuple(_leaved(part, leaves, rulebook) for part in parts))
        case tree.Not(part=part):
            return tree.Not(_leaved(part, leaves, rulebook))
        case tree.Tagged():
            return condition
        case tree.Some(events=events, over=None):
            return tree.Not(leaf(tree.IsAbsent(tree.Last(events))))
        case tree.Some(events=events, over=int(over)):
            return leaf(tree.Within(tree.Last(events), over))
        case tree.NoneOf(events=events, over=None):
            return leaf(tree.IsAbsent(tree.Last(events)))
        case tree.NoneOf(events=events, over=int(over)):
            return tree.Not(leaf(tree.Within(tree.Last(events), over)))
    return leaf(condition)


def _dated(leaf: tree.Condition, rulebook: Rulebook) -> tree.Condition:
    """The leaf with texts read as dates where they are compared with one, in filters too."""

    def is_date(value: tree.Node, kind: str) -> bool:
        if not isinstance(value, tree.Value) or isinstance(value, tree.Text | Day):
            return False
        return value_type(value, rulebook.reads, {}, kind) == "date"

    def change(node: tree.Node, kind: str) -> tree.Node:
        if isinstance(node, tree.Events):
            kind = node.kind
            return mapped(node, lambda part: change(part, kind))
        node = mapped(node, lambda part: change(part, kind))
        if isinstance(node, tree.Compare | tree.Between | tree.In) and any(
            is_date(part, kind) for part in node.parts()
        ):
            return mapped(node, lambda part: Day(parse_day(part.text)) if isinstance(part, tree.Text) else part)
        return node

    return cast(tree.Condition, change(leaf, ""))
