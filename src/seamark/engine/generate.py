"""Python source for a plan: how events change the slots of a state, and what leaves and tags follow.

A state's memory is a list of slots. Which slots a plan needs, and the functions that fill and read
them, are decided once here; the functions are then ordinary Python without any tree to walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from seamark.engine import streams, tree
from seamark.engine.events import Held
from seamark.engine.moments import months_since, next_date_change, today, until_anniversary
from seamark.engine.plan import Day, Leaf, Plan
from seamark.engine.recurring import anniversary_edges, month_edges
from seamark.engine.streams import FOREVER, NEVER
from seamark.engine.units import DAY, SCALE

DEEPEST_EXPRESSION = 20
"""Deeper conditions are put into variables: Python refuses 200 nested brackets."""


@dataclass(frozen=True)
class Slot:
    """One thing remembered of some events; `over` is the longest window asked for, None for all history."""

    what: str
    events: tree.Events
    prop: str = ""
    since: tree.Events | None = None


@dataclass
class Slots:
    """The slots of a plan, and which leaves read each."""

    longest: dict[Slot, int] = field(default_factory=dict)
    places: dict[Slot, int] = field(default_factory=dict)
    leaves: dict[Slot, int] = field(default_factory=dict)
    """A bit for each leaf that reads the slot."""
    leaf: int = 0
    """The leaf being generated."""

    def place(
        self, what: str, events: tree.Events, over: int | None, prop: str = "", since: tree.Events | None = None
    ) -> int:
        slot = Slot(what if over is None else f"recent_{what}", events, prop, since)
        self.longest[slot] = max(self.longest.get(slot, 0), over or 0)
        self.leaves[slot] = self.leaves.get(slot, 0) | 1 << self.leaf
        return self.places.setdefault(slot, len(self.places))

    def empty(self) -> list[Any]:
        """The slots before any event."""
        return [self.fresh(slot) for slot in self.places]

    def fresh(self, slot: Slot) -> Any:
        match slot.what:
            case "last":
                return NEVER
            case "first":
                return FOREVER
            case "count" | "sum" | "bearing":
                return 0
            case "least" | "greatest" | "last_event" | "first_event":
                return None
            case "distinct":
                return set()
        kind = stream_class(slot)
        return kind(self.longest[slot] or FOREVER)


def stream_class(slot: Slot) -> type[streams.Stream]:
    """The structure that a slot over a window (or of delays) holds."""
    return {
        "recent_count": streams.Times,
        "recent_sum": streams.Sums,
        "recent_least": streams.Peaks,
        "recent_greatest": streams.Peaks,
        "recent_distinct": streams.Distinct,
        "recent_delay": streams.Delays,
        "delay": streams.Delays,
    }[slot.what]


@dataclass(frozen=True)
class Operand:
    """Code of a value: a whole number over `scale`, divided by `divisor` where there is one."""

    code: str
    present: tuple[str, ...] = ()
    """Conditions without which the value is absent."""
    decimals: int = 0
    """0 for whole numbers, 4 for ten-thousandths, more for products."""
    divisor: str = ""


class Source:
    """Lines of one function, and names not used before."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names = 0

    def line(self, text: str, indent: int = 1) -> None:
        self.lines.append("    " * indent + text)

    def name(self, code: str, indent: int = 1) -> str:
        """A new variable holding the code's value."""
        self.names += 1
        self.line(f"v{self.names} = {code}", indent)
        return f"v{self.names}"


Absorb = Callable[[list[Any], Any, int, dict[str, Held]], int]
"""(slots, order key or None, moment, props) → a bit for each leaf to be looked at again."""
LeafFunction = Callable[[list[Any], dict[str, Any], int], bool]
Refresh = Callable[[list[Any], dict[str, Any], list[bool], list[int], int], bool]
"""(slots, fields, leaves, flips, now) → whether the leaf changed; writes the leaf and its next flip."""

Figure = Callable[[list[Any], dict[str, Any], int], Fraction | None]
Refine = Callable[[list[Any], dict[str, Any], bool, int], int]
"""(slots, fields, the leaf's value, now) → when it next flips."""


@dataclass(frozen=True)
class Generated:
    """The functions of a plan."""

    slots: Slots
    absorb: dict[str, Absorb]
    keyed: frozenset[str]
    """Kinds whose `absorb` needs the event's order key."""
    counted: dict[str, int]
    """Kinds of which every event counts once: how long its id must be remembered (FOREVER: always)."""
    leaves: tuple[LeafFunction, ...]
    refresh: tuple[Refresh, ...]
    refine: dict[int, Refine]
    """The exact next flip of the leaves whose refresh gives but a bound of it."""
    decide: Callable[[list[bool]], int]
    """leaves → a bit for each tag held."""
    decide_by_hand: Callable[[list[bool], dict[int, tuple[Any, int]]], int]
    """The same with live hands: place of tag → (order key, 1 set or −1 cleared)."""
    figures: tuple[Figure, ...]
    """The plan's figures in ten-thousandths, None where absent."""
    field_leaves: dict[str, int]
    """field → a bit for each leaf that reads it."""
    source: str


def generate(plan: Plan, zone: ZoneInfo) -> Generated:
    """The functions of a plan for an organisation's zone."""
    return _Generator(plan, zone).generated()


class _Generator:
    def __init__(self, plan: Plan, zone: ZoneInfo) -> None:
        self.plan = plan
        self.slots = Slots()
        self.field_leaves: dict[str, int] = {}
        self.text: list[str] = []
        self.scope: dict[str, Any] = {
            "Fraction": Fraction,
            "NEVER": NEVER,
            "FOREVER": FOREVER,
            "next_flip": streams.next_flip,
            "months_since": months_since,
            "until_anniversary": until_anniversary,
            "month_edges": lambda day, bounds, now: month_edges(day, bounds, now, zone),
            "anniversary_edges": lambda day, bounds, now: anniversary_edges(day, bounds, now, zone),
            "merged": _merged,
            "winner": _winner,
            "today": _remembering_today(zone),
        }

    def generated(self) -> Generated:
        for index, leaf in enumerate(self.plan.leaves):
            self.slots.leaf = index
            self.leaf(index, leaf)
            self.refresh(index, leaf)
        self.slots.leaf = len(self.plan.leaves)
        for index, value in enumerate(self.plan.figures):
            self.figure(index, value)
        kinds = sorted(
            {slot.events.kind for slot in self.slots.places}
            | {slot.since.kind for slot in self.slots.places if slot.since}
        )
        for place, kind in enumerate(kinds):
            self.absorb(place, kind)
        self.decide("decide", by_hand=False)
        self.decide("decide_by_hand", by_hand=True)
        source = "\n".join(self.text)
        exec(compile(source, "<rulebook>", "exec"), self.scope)
        return Generated(
            slots=self.slots,
            absorb={kind: self.scope[f"absorb_{place}"] for place, kind in enumerate(kinds)},
            keyed=frozenset(kind for slot in self.slots.places if slot.what in _KEYED for kind in _kinds_of(slot)),
            counted=self.counted(),
            leaves=tuple(self.scope[f"leaf_{index}"] for index in range(len(self.plan.leaves))),
            refresh=tuple(self.scope[f"refresh_{index}"] for index in range(len(self.plan.leaves))),
            figures=tuple(self.scope[f"figure_{index}"] for index in range(len(self.plan.figures))),
            refine={
                index: refine for index in range(len(self.plan.leaves)) if (refine := self.scope.get(f"refine_{index}"))
            },
            decide=self.scope["decide"],
            decide_by_hand=self.scope["decide_by_hand"],
            field_leaves=self.field_leaves,
            source=source,
        )

    def counted(self) -> dict[str, int]:
        longest: dict[str, int] = {}
        for slot in self.slots.places:
            if slot.what.removeprefix("recent_") in _COUNTED:
                for kind in _kinds_of(slot):
                    longest[kind] = max(longest.get(kind, 0), self.slots.longest[slot] or FOREVER)
        return longest

    # Leaves

    def leaf(self, index: int, leaf: tree.Condition) -> None:
        source = Source()
        source.line(f"def leaf_{index}(S, C, m):", 0)
        source.line(f"return bool({self.condition(leaf, source)})")
        self.text += source.lines

    def condition(self, leaf: tree.Condition, source: Source) -> str:
        """Code of a leaf at the moment `m`."""
        match leaf:
            case tree.Within(moment=moment, length=length):
                operand = self.value(moment, source)
                return _all(*operand.present, f"{operand.code} + {length} > m")
            case tree.OlderThan(moment=moment, length=length):
                operand = self.value(moment, source)
                return _all(*operand.present, f"{operand.code} + {length} <= m")
            case tree.Compare(op=op, left=left, right=right):
                return _compared(op, self.value(left, source), self.value(right, source))
            case tree.Between(value=value, low=low, high=high):
                operand = self.value(value, source)
                ends = self.value(low, source), self.value(high, source)
                return _all(_compared(">=", operand, ends[0]), _compared("<=", operand, ends[1]))
            case tree.In(value=value, choices=choices):
                operand = self.value(value, source)
                return " or ".join(f"({_compared('=', operand, self.value(choice, source))})" for choice in choices)
            case tree.Has(value=value, text=text):
                operand = self.value(value, source)
                return _all(*operand.present, f"{text!r} in {operand.code}")
            case tree.IsAbsent(value=value):
                present = self.value(value, source).present
                return f"not ({_all(*present)})" if present else "False"
        raise TypeError(f"{type(leaf).__name__} is no leaf")

    def value(self, value: tree.Value, source: Source) -> Operand:
        """Code of a value at the moment `m`, its parts put into variables."""
        place = self.slots.place
        match value:
            case tree.Number(scaled=scaled):
                whole = scaled % SCALE == 0
                return Operand(repr(scaled // SCALE if whole else scaled), decimals=0 if whole else 4)
            case tree.Duration(length=length):
                return Operand(repr(length))
            case tree.Text(text=text):
                return Operand(repr(text))
            case Day(day=day):
                return Operand(repr(day))
            case tree.Last(events=events):
                name = source.name(f"S[{place('last', events, None)}]")
                return Operand(name, (f"{name} != NEVER",))
            case tree.First(events=events):
                name = source.name(f"S[{place('first', events, None)}]")
                return Operand(name, (f"{name} != FOREVER",))
            case tree.PropOf(event=event, prop=prop):
                what = "last_event" if isinstance(event, tree.Last) else "first_event"
                held = f"S[{place(what, event.events, None)}]"
                name = source.name(f"{held}[1].get({prop!r}) if {held} else None")
                return Operand(name, (f"{name} is not None",), 4 if self.plan.type_of(value) == "number" else 0)
            case tree.CountOf(events=events, over=None):
                return Operand(f"S[{place('count', events, None)}]")
            case tree.CountOf(events=events, over=over):
                return Operand(source.name(f"S[{place('count', events, over)}].count(m - {over})"))
            case tree.SumOf(events=events, prop=prop, over=None):
                return Operand(f"S[{place('sum', events, None, prop)}]", decimals=4)
            case tree.SumOf(events=events, prop=prop, over=over):
                return Operand(source.name(f"S[{place('sum', events, over, prop)}].total(m - {over})"), decimals=4)
            case tree.AverageOf(events=events, prop=prop, over=None):
                bearing = source.name(f"S[{place('bearing', events, None, prop)}]")
                return Operand(f"S[{place('sum', events, None, prop)}]", (f"{bearing} > 0",), 4, bearing)
            case tree.AverageOf(events=events, prop=prop, over=over):
                held = f"S[{place('sum', events, over, prop)}]"
                bearing = source.name(f"{held}.count(m - {over})")
                return Operand(source.name(f"{held}.total(m - {over})"), (f"{bearing} > 0",), 4, bearing)
            case tree.LeastOf() | tree.GreatestOf():
                return self.extreme(value, source)
            case tree.DistinctOf(events=events, prop=prop, over=None):
                return Operand(f"len(S[{place('distinct', events, None, prop)}])")
            case tree.DistinctOf(events=events, prop=prop, over=over):
                return Operand(source.name(f"S[{place('distinct', events, over, prop)}].count(m - {over})"))
            case tree.AverageDelay(events=events, since=since, over=over):
                held = f"S[{place('delay', events, over, since=since)}]"
                begin = "NEVER" if over is None else f"m - {over}"
                bearing = source.name(f"{held}.count({begin})")
                return Operand(source.name(f"{held}.total({begin})"), (f"{bearing} > 0",), 0, bearing)
            case tree.Field(name=name, part=part):
                return self.field(value, name, part, source)
            case tree.MonthsSince(field=of) | tree.UntilAnniversary(field=of):
                date = self.value(of, source)
                figure = "months_since" if isinstance(value, tree.MonthsSince) else "until_anniversary"
                times = "" if isinstance(value, tree.MonthsSince) else f" * {DAY}"
                return Operand(
                    source.name(f"{figure}({date.code}, today(m)){times} if {date.present[0]} else 0"), date.present
                )
            case tree.Arithmetic(op=op, left=left, right=right):
                return _reckoned(op, self.value(left, source), self.value(right, source))
        raise TypeError(f"{type(value).__name__} has no value")

    def extreme(self, value: tree.LeastOf | tree.GreatestOf, source: Source) -> Operand:
        """The least of a window is the largest of the negated values."""
        what = "least" if isinstance(value, tree.LeastOf) else "greatest"
        held = f"S[{self.slots.place(what, value.events, value.over, value.prop)}]"
        name = source.name(held if value.over is None else f"{held}.peak(m - {value.over})")
        negated = what == "least" and value.over is not None
        return Operand(f"(-{name})" if negated else name, (f"{name} is not None",), 4)

    def field(self, value: tree.Value, name: str, part: str, source: Source) -> Operand:
        self.field_leaves[name] = self.field_leaves.get(name, 0) | 1 << self.slots.leaf
        code = f"C.get({name!r})"
        if part:
            held = source.name(code)
            code = f"{held}[{0 if part == 'low' else 1}] if {held} else None"
        held = source.name(code)
        return Operand(held, (f"{held} is not None",), 4 if self.plan.type_of(value) == "number" else 0)

    def figure(self, index: int, value: tree.Value) -> None:
        source = Source()
        source.line(f"def figure_{index}(S, C, m):", 0)
        operand = self.value(value, source)
        scale = f" * {SCALE // 10**operand.decimals}" if operand.decimals < 4 else f" / {10 ** (operand.decimals - 4)}"
        divisor = f" / ({operand.divisor})" if operand.divisor else ""
        source.line(f"return Fraction({operand.code}){scale}{divisor} if {_all(*operand.present)} else None")
        self.text += source.lines

    # Leaves and their next flips

    def refresh(self, index: int, leaf: tree.Condition) -> None:
        source = Source()
        source.line(f"def refresh_{index}(S, C, L, F, m):", 0)
        flip = self.simple_flip(index, leaf, source) or self.any_flip(index, leaf, source)
        source.line(f"F[{index}] = {flip}")
        source.line(f"if L[{index}] is b: return False")
        source.line(f"L[{index}] = b")
        source.line("return True")
        self.text += source.lines

    def simple_flip(self, index: int, leaf: tree.Condition, source: Source) -> str:
        """The common leaves, whose next flip is known without looking for it; sets `b`."""
        place = self.slots.place
        match leaf:
            case tree.Within(moment=tree.Last(events=events), length=length):
                source.line(f"e = S[{place('last', events, None)}] + {length}")
                source.line("b = e > m")
                return "e if b else FOREVER"
            case tree.OlderThan(moment=tree.Last(events=events), length=length):
                source.line(f"t = S[{place('last', events, None)}]")
                source.line(f"b = t != NEVER and t + {length} <= m")
                return f"FOREVER if b or t == NEVER else t + {length}"
            case tree.Compare(
                op=op, left=tree.CountOf() | tree.DistinctOf() as counted, right=tree.Number(scaled=scaled)
            ):
                if op in _ORDERED and counted.over is not None and (least := _least_whole(op, scaled)) > 0:
                    what, prop = ("count", "") if isinstance(counted, tree.CountOf) else ("distinct", counted.prop)
                    source.line(f"T = S[{place(what, counted.events, counted.over, prop)}].times")
                    source.line(f"e = T[-{least}] + {counted.over} if len(T) >= {least} else NEVER")
                    source.line(f"b = e {'>' if op in ('>', '>=') else '<='} m")
                    return "e if e > m else FOREVER"
            case tree.Compare(op=op, left=tree.SumOf(over=int(over)) as summed, right=tree.Number(scaled=scaled)) if (
                op in _ORDERED
            ):
                bound = scaled + (op in (">", "<="))
                reached = "reached" if op in (">", ">=") else "not reached"
                source.line(f"s = S[{place('sum', summed.events, over, summed.prop)}]")
                source.line(f"reached = s.total(m - {over}) >= {bound}")
                source.line(f"b = {reached}")
                source.line("if s.falls:")
                source.line(f"e = next_flip(leaf_{index}, S, C, b, s.edges(m, {over}))", 2)
                source.line("else:")
                source.line(f"e = s.falls_below({bound}, m, {over}) if reached else FOREVER", 2)
                return "e"
        return ""

    def any_flip(self, index: int, leaf: tree.Condition, source: Source) -> str:
        """Any other leaf. Its exact next flip is looked for only when it may be the first of all (`refine`);
        until then the first moment at which anything it reads changes stands for it."""
        source.line(f"b = leaf_{index}(S, C, m)")
        edges = list(dict.fromkeys(self.edges(leaf)))
        if not edges:
            return "FOREVER"
        together = edges[0] if len(edges) == 1 else f"merged({', '.join(edges)})"
        self.text += [
            f"def refine_{index}(S, C, b, m):",
            f"    return next_flip(leaf_{index}, S, C, b, {together})",
        ]
        firsts = [_first_edge(edge) for edge in edges]
        return firsts[0] if len(firsts) == 1 else f"min({', '.join(firsts)})"

    def edges(self, leaf: tree.Condition) -> Iterator[str]:
        """Code for the moments after `m` at which each part of the leaf changes without an event."""
        place = self.slots.place
        for node in leaf.parts():
            match node:
                case tree.CountOf(events=events, over=int(over)):
                    yield f"S[{place('count', events, over)}].edges(m, {over})"
                case tree.SumOf(over=int(over)) | tree.AverageOf(over=int(over)):
                    yield f"S[{place('sum', node.events, over, node.prop)}].edges(m, {over})"
                case tree.LeastOf(over=int(over)) | tree.GreatestOf(over=int(over)):
                    what = "least" if isinstance(node, tree.LeastOf) else "greatest"
                    yield f"S[{place(what, node.events, over, node.prop)}].edges(m, {over})"
                case tree.DistinctOf(events=events, prop=prop, over=int(over)):
                    yield f"S[{place('distinct', events, over, prop)}].edges(m, {over})"
                case tree.AverageDelay(events=events, since=since, over=int(over)):
                    yield f"S[{place('delay', events, over, since=since)}].edges(m, {over})"
                case tree.First(events=events) | tree.Last(events=events) if isinstance(
                    leaf, tree.Within | tree.OlderThan
                ):
                    what = "first" if isinstance(node, tree.First) else "last"
                    edge = f"S[{place(what, events, None)}] + {leaf.length}"
                    yield f"([{edge}] if m < {edge} < FOREVER else ())"
                case tree.MonthsSince(field=of) | tree.UntilAnniversary(field=of):
                    which = "month_edges" if isinstance(node, tree.MonthsSince) else "anniversary_edges"
                    yield f"{which}(C.get({of.name!r}), {_bounds(leaf)}, m)"
                case tree.Arithmetic():
                    yield from self.edges(cast(tree.Condition, node))

    # Events

    def absorb(self, place: int, kind: str) -> None:
        """Every slot that events of the kind fill, grouped by what their filter asks."""
        source = Source()
        source.line(f"def absorb_{place}(S, k, t, p):", 0)
        source.line("dirty = 0")
        filters: dict[tree.Condition | None, list[Slot]] = {}
        for slot in self.slots.places:
            if slot.since is None and slot.events.kind == kind:
                filters.setdefault(slot.events.where, []).append(slot)
        for where, slots in filters.items():
            indent = 1
            if where is not None:
                source.line(f"if {self.test(where, kind, source)}:")
                indent = 2
            for slot in slots:
                self.fill(slot, source, indent)
            self.mark((slot for slot in slots if slot.what in _ALWAYS), source, indent)
        for slot in self.slots.places:
            if slot.since is not None and kind in _kinds_of(slot):
                self.fill_delay(slot, kind, source)
        source.line("return dirty")
        self.text += source.lines

    def mark(self, slots: Iterator[Slot], source: Source, indent: int) -> None:
        bits = 0
        for slot in slots:
            bits |= self.slots.leaves[slot]
        if bits:
            source.line(f"dirty |= {bits}", indent)

    def fill(self, slot: Slot, source: Source, indent: int) -> None:
        held, value = f"S[{self.slots.places[slot]}]", f"p.get({slot.prop!r})"
        changed = f"dirty |= {self.slots.leaves[slot]}"
        match slot.what:
            case "last" | "first":
                source.line(f"if t {'>' if slot.what == 'last' else '<'} {held}: {held} = t; {changed}", indent)
            case "last_event" | "first_event":
                op = ">" if slot.what == "last_event" else "<"
                source.line(
                    f"if {held} is None or k {op} {held}[0]: {held} = (k, p); {changed}",
                    indent,
                )
            case "count":
                source.line(f"{held} += 1", indent)
            case "recent_count":
                source.line(f"{held}.add(t)", indent)
            case "sum":
                source.line(f"{held} += {value} or 0", indent)
            case "bearing":
                source.line(f"{held} += {value} is not None", indent)
            case "least" | "greatest":
                name = source.name(value, indent)
                op = "<" if slot.what == "least" else ">"
                source.line(
                    f"if {name} is not None and ({held} is None or {name} {op} {held}): {held} = {name}; {changed}",
                    indent,
                )
            case "distinct":
                name = source.name(value, indent)
                source.line(f"if {name} is not None: {held}.add({name})", indent)
            case "recent_sum" | "recent_greatest" | "recent_least" | "recent_distinct":
                name = source.name(value, indent)
                sign = "-" if slot.what == "recent_least" else ""
                source.line(f"if {name} is not None: {held}.add(t, {sign}{name}); {changed}", indent)

    def fill_delay(self, slot: Slot, kind: str, source: Source) -> None:
        assert slot.since is not None
        roles = []
        for events in (slot.events, slot.since):
            if events.kind != kind:
                roles.append("False")
            else:
                roles.append(
                    "True" if events.where is None else source.name(f"bool({self.test(events.where, kind, source)})")
                )
        source.line(f"if {roles[0]} or {roles[1]}:")
        source.line(f"S[{self.slots.places[slot]}].add(k, {roles[0]}, {roles[1]})", 2)
        source.line(f"dirty |= {self.slots.leaves[slot]}", 2)

    def test(self, where: tree.Condition, kind: str, source: Source) -> str:
        """Code of a filter on the props `p` of the event at hand."""
        return _flattened(where, lambda leaf: self.prop_test(leaf, kind, source), source)

    def prop_test(self, leaf: tree.Condition, kind: str, source: Source) -> str:
        match leaf:
            case tree.Compare(op=op, left=left, right=right):
                return _compared(op, self.prop(left, kind, source), self.prop(right, kind, source))
            case tree.Between(value=value, low=low, high=high):
                operand = self.prop(value, kind, source)
                return _all(
                    _compared(">=", operand, self.prop(low, kind, source)),
                    _compared("<=", operand, self.prop(high, kind, source)),
                )
            case tree.In(value=value, choices=choices):
                operand = self.prop(value, kind, source)
                return " or ".join(
                    f"({_compared('=', operand, self.prop(choice, kind, source))})" for choice in choices
                )
            case tree.Has(value=value, text=text):
                operand = self.prop(value, kind, source)
                return _all(*operand.present, f"{text!r} in {operand.code}")
            case tree.IsAbsent(value=value):
                present = self.prop(value, kind, source).present
                return f"not ({_all(*present)})" if present else "False"
        raise TypeError(f"{type(leaf).__name__} is no part of a filter")

    def prop(self, value: tree.Value, kind: str, source: Source) -> Operand:
        if not isinstance(value, tree.Prop):
            return self.value(value, source)
        name = source.name(f"p.get({value.name!r})")
        return Operand(name, (f"{name} is not None",), 4 if self.plan.type_of(value, kind) == "number" else 0)

    # Tags

    def decide(self, name: str, *, by_hand: bool) -> None:
        """All tags as bits: level groups as a chain, set tags one by one, in the plan's order."""
        source = Source()
        source.line(f"def {name}(L{', H' if by_hand else ''}):", 0)
        source.line("held = 0")
        for unit in self.plan.units:
            if unit.kind == "set":
                tag = unit.tags[0]
                code = "False" if tag.condition is None else self.tag_test(tag.condition, source)
                if by_hand:
                    hand = source.name(f"H.get({tag.place})")
                    code = f"({code}) if {hand} is None else {hand}[1] > 0"
                if code != "False":
                    source.line(f"if {code}: held |= {1 << tag.place}")
                continue
            tests = [
                (tag.place, self.tag_test(tag.condition, source)) for tag in unit.tags if tag.condition is not None
            ]
            tests += [(tag.place, "True") for tag in unit.tags if tag.otherwise]
            word = "if"
            if by_hand:
                winner = source.name(f"winner(H, {tuple(tag.place for tag in unit.tags)!r})")
                source.line(f"if {winner} is not None: held |= 1 << {winner}")
                word = "elif"
            for tag_place, code in tests:
                code = f"{tag_place} not in H and ({code})" if by_hand else code
                source.line(f"{word} {code}: held |= {1 << tag_place}")
                word = "elif"
        source.line("return held")
        self.text += source.lines

    def tag_test(self, condition: tree.Condition, source: Source) -> str:
        places = {name: place for place, name in enumerate(self.plan.tags)}

        def leaf(part: tree.Condition) -> str:
            if isinstance(part, tree.Tagged):
                return f"held & {1 << places[part.tag]}"
            return f"L[{cast(Leaf, part).index}]"

        return _flattened(condition, leaf, source)


_KEYED = {"last_event", "first_event", "delay", "recent_delay"}
_COUNTED = {"count", "sum", "bearing", "delay"}
"""What an event counted twice would change."""
_ALWAYS = {"count", "recent_count", "sum", "bearing", "distinct"}
"""Slots whose leaves are looked at again after every event that fills them."""
_ORDERED = ("<", "<=", ">", ">=")
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def _kinds_of(slot: Slot) -> set[str]:
    return {slot.events.kind} | ({slot.since.kind} if slot.since else set())


def _all(*codes: str) -> str:
    return " and ".join(dict.fromkeys(codes)) or "True"


def _compared(op: str, left: Operand, right: Operand) -> str:
    """Both sides brought to one scale, divisors multiplied across: they are above 0 where present."""
    left_code, right_code = _aligned(left, right)
    return _all(*left.present, *right.present, f"{left_code} {_PYTHON[op]} {right_code}")


def _aligned(left: Operand, right: Operand) -> tuple[str, str]:
    decimals = max(left.decimals, right.decimals)
    codes = []
    for side, other in ((left, right), (right, left)):
        factors = [side.code]
        if side.decimals < decimals:
            factors.append(str(10 ** (decimals - side.decimals)))
        if other.divisor:
            factors.append(other.divisor)
        codes.append(" * ".join(f"({factor})" if " " in factor else factor for factor in factors))
    return codes[0], codes[1]


def _first_edge(edges: str) -> str:
    """Code for the first of the moments that `edges` is code for."""
    if ".edges(" in edges:
        return edges.replace(".edges(", ".first_edge(")
    return f"min({edges}, default=FOREVER)"


def _reckoned(op: str, left: Operand, right: Operand) -> Operand:
    divisor = " * ".join(side.divisor for side in (left, right) if side.divisor)
    present = left.present + right.present
    if op == "*":
        return Operand(
            f"(({left.code}) * ({right.code}))", present, left.decimals + right.decimals, divisor and f"({divisor})"
        )
    left_code, right_code = _aligned(left, right)
    return Operand(
        f"({left_code} {op} {right_code})", present, max(left.decimals, right.decimals), divisor and f"({divisor})"
    )


def _least_whole(op: str, scaled: int) -> int:
    """The k for which `op scaled` is `at least k`, or its opposite, of a whole number."""
    return -(-scaled // SCALE) if op in (">=", "<") else scaled // SCALE + 1


def _bounds(leaf: tree.Condition) -> str:
    """The whole months or days around the figures that a calendar value is compared with."""
    figures: set[int] = set()
    for node in leaf.walk():
        if isinstance(node, tree.Number):
            figures |= {node.scaled // SCALE, -(-node.scaled // SCALE)}
        elif isinstance(node, tree.Duration):
            figures |= {node.length // DAY, -(-node.length // DAY)}
    return repr(tuple(sorted({figure + step for figure in figures for step in (-1, 0, 1, 2)})))


def _flattened(condition: tree.Condition, leaf: Callable[[tree.Condition], str], source: Source) -> str:
    """Code of and/or/not over leaves; what nests deep becomes a variable."""
    return _nested(condition, leaf, source)[0]


def _nested(condition: tree.Condition, leaf: Callable[[tree.Condition], str], source: Source) -> tuple[str, int]:
    match condition:
        case tree.All(of=parts) | tree.Any(of=parts):
            inner = [_nested(part, leaf, source) for part in parts]
            word = " and " if isinstance(condition, tree.All) else " or "
            code, depth = "(" + word.join(code for code, _ in inner) + ")", 1 + max(depth for _, depth in inner)
        case tree.Not(part=part):
            code, depth = _nested(part, leaf, source)
            code, depth = f"(not {code})", depth + 1
        case _:
            return f"({leaf(condition)})", 1
    return (source.name(code), 0) if depth > DEEPEST_EXPRESSION else (code, depth)


def _merged(*edges: Any) -> Iterator[int]:
    from heapq import merge

    return merge(*edges)


def _winner(hands: dict[int, tuple[Any, int]], places: tuple[int, ...]) -> int | None:
    """The level that was last set by hand, of those still live."""
    live = [(hands[place][0], place) for place in places if place in hands and hands[place][1] > 0]
    return max(live)[1] if live else None


def _remembering_today(zone: ZoneInfo) -> Callable[[int], int]:
    """`today` in the zone, asked anew only when the last answer's span is left."""
    begin, end, day = 1, 0, 0

    def remembered(moment: int) -> int:
        nonlocal begin, end, day
        if not begin <= moment < end:
            begin, end, day = moment, next_date_change(moment, zone), today(moment, zone)
        return day

    return remembered
