"""Python source for a plan: how events change the slots of a state, and what leaves and tags follow.

Leaves that the same events change form a block, refreshed by one function; tags form clusters, and
only those whose leaves changed are decided anew. All functions are ordinary Python without any tree to walk.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from typing import Any, cast
from zoneinfo import ZoneInfo

from seamark.engine import streams, tree
from seamark.engine.events import Event
from seamark.engine.moments import months_since, next_date_change, today, until_anniversary
from seamark.engine.plan import Day, Leaf, Plan, Unit
from seamark.engine.recurring import anniversary_edges, month_edges
from seamark.engine.slots import Slot, Slots
from seamark.engine.source import Operand, Source, all_of, flattened, reckoned, tested
from seamark.engine.streams import FOREVER, NEVER
from seamark.engine.units import DAY, SCALE

MOST_CLUSTERS = 30
"""Python's whole numbers are quickest below 2**30."""

Refresh = Callable[[list[Any], dict[str, Any], list[bool], list[int], int], int]
LeafFunction = Callable[[list[Any], dict[str, Any], int], bool]
Figure = Callable[[list[Any], dict[str, Any], int], Fraction | None]


@dataclass(frozen=True)
class Generated:
    """The functions of a plan. Blocks and clusters are named by bits."""

    slots: Slots
    blocks: int
    """How many there are."""
    timers: tuple[int, ...]
    """The block of each timer. Its flip is the next moment at which a leaf of the block changes by itself."""
    field_blocks: dict[str, int]
    """field → the blocks that read it."""
    empty: tuple[Any, ...]
    """The slots before any event. States share them: what is changed in place is made when first filled."""
    absorb: dict[str, Callable[[list[Any], Event], int]]
    """kind → (slots, event) → blocks to be refreshed."""
    refresh: tuple[Refresh, ...]
    """For each block (slots, fields, leaves, flips, now) → clusters to be decided anew; writes leaves and flips."""
    expired: Callable[[list[int], int], int]
    """(flips, now) → blocks with a leaf that has changed by itself."""
    refine: tuple[Callable[[list[Any], dict[str, Any], list[bool], int], int] | None, ...]
    """For each timer (slots, fields, leaves, now) → its exact flip, where refresh gives but a bound of it."""
    decide: Callable[[list[bool], int, int], int]
    """(leaves, a bit for each tag held before, clusters) → a bit for each tag held."""
    decide_by_hand: Callable[[list[bool], dict[int, tuple[Any, int]]], int]
    """(leaves, live hands: place of tag → (order key, 1 set or −1 cleared)) → a bit for each tag held."""
    decide_afresh: Callable[[list[Any], dict[str, Any], int], int]
    """(slots, fields, now) → a bit for each tag held, without hands, and without a look at what was held before."""
    leaves: tuple[LeafFunction, ...]
    figures: tuple[Figure, ...]
    """The plan's figures in ten-thousandths, None where absent."""
    source: str


def generate(plan: Plan, zone: ZoneInfo) -> Generated:
    """The functions of a plan for an organisation's zone."""
    return _Generator(plan, zone).generated()


class _Window:
    """Code of what a window of a stream holds at the moment `m`; over None it is all."""

    def __init__(self, source: Source, stream: str, over: int | None) -> None:
        self.source = source
        self.over = over
        self.stream = source.name(stream)
        self.times = source.name(f"{self.stream}.times")
        self.begin = "0" if over is None else source.name(f"bisect_right({self.times}, m - {over})")

    @property
    def count(self) -> str:
        return self.source.name(f"len({self.times}) - {self.begin}")

    @property
    def total(self) -> str:
        return self.source.name(f"{self.stream}.sums[-1] - {self.stream}.sums[{self.begin}]")

    @property
    def peak(self) -> str:
        return self.source.name(f"{self.stream}.values[{self.begin}] if {self.begin} < len({self.times}) else None")

    @property
    def first_edge(self) -> str:
        """When its first entry leaves it."""
        return f"{self.times}[{self.begin}] + {self.over} if {self.begin} < len({self.times}) else FOREVER"


@dataclass(frozen=True)
class _Edges:
    """Code of the moments after `m` at which a value or moment changes by itself."""

    all: str
    window: tuple[str, int] | None = None
    """The stream and the length, where entries of a window leave it."""

    @classmethod
    def of_window(cls, stream: str, over: int) -> _Edges:
        return cls(f"{stream}.edges(m, {over})", (stream, over))

    def first(self, source: Source) -> str:
        return _Window(source, *self.window).first_edge if self.window else f"min({self.all}, default=FOREVER)"


class _Generator:
    def __init__(self, plan: Plan, zone: ZoneInfo) -> None:
        self.plan = plan
        self.slots = Slots()
        self.fields: dict[str, set[int]] = {}
        """field → the leaves that read it."""
        self.timers: list[int] = []
        self.refiners: list[str | None] = []
        self.text: list[str] = []
        self.scope: dict[str, Any] = {
            "bisect_right": bisect_right,
            "Fraction": Fraction,
            "NEVER": NEVER,
            "FOREVER": FOREVER,
            "next_fall": streams.next_fall,
            "next_flip": streams.next_flip,
            "months_since": months_since,
            "until_anniversary": until_anniversary,
            "month_edges": lambda day, bounds, now: month_edges(day, bounds, now, zone),
            "anniversary_edges": lambda day, bounds, now: anniversary_edges(day, bounds, now, zone),
            "merge": merge,
            "winner": _winner,
            "today": _remembering_today(zone),
            "order_key": plan.reads.order_key,
        }

    def generated(self) -> Generated:
        leaves = range(len(self.plan.leaves))
        for index, leaf in enumerate(self.plan.leaves):
            self.slots.leaf = index
            self.leaf(index, leaf)
        self.slots.leaf = None
        for index, value in enumerate(self.plan.figures):
            self.figure(index, value)
        self.blocks = self.leaves_by_block()
        self.block_of = {leaf: place for place, block in enumerate(self.blocks) for leaf in block}
        self.clusters = _clusters(self.plan.units)
        self.clusters_of = self.clusters_by_leaf()
        for place, block in enumerate(self.blocks):
            self.refresh(place, block)
        self.expired()
        empty = tuple(self.empty(slot, place) for slot, place in self.slots.places.items())
        kinds = sorted({kind for slot in self.slots.places for kind in slot.kinds})
        for place, kind in enumerate(kinds):
            self.absorb(place, kind)
        self.decide()
        self.decide_by_hand()
        self.decide_afresh()
        source = "\n".join(self.text)
        exec(compile(source, "<rulebook>", "exec"), self.scope)
        return Generated(
            slots=self.slots,
            blocks=len(self.blocks),
            timers=tuple(self.timers),
            field_blocks={name: self.bits(leaves) for name, leaves in self.fields.items()},
            empty=empty,
            absorb={kind: self.scope[f"absorb_{place}"] for place, kind in enumerate(kinds)},
            refresh=tuple(self.scope[f"refresh_{place}"] for place in range(len(self.blocks))),
            expired=self.scope["expired"],
            refine=tuple(self.scope[name] if name else None for name in self.refiners),
            decide=self.scope["decide"],
            decide_by_hand=self.scope["decide_by_hand"],
            decide_afresh=self.scope["decide_afresh"],
            leaves=tuple(self.scope[f"leaf_{place}"] for place in leaves),
            figures=tuple(self.scope[f"figure_{place}"] for place in range(len(self.plan.figures))),
            source=source,
        )

    def leaves_by_block(self) -> tuple[tuple[int, ...], ...]:
        causes: dict[int, set[object]] = {index: set() for index in range(len(self.plan.leaves))}
        for slot, readers in self.slots.readers.items():
            for index in readers:
                causes[index].add(slot.filled_by)
        for name, readers in self.fields.items():
            for index in readers:
                causes[index].add(name)
        blocks: dict[frozenset[object], list[int]] = {}
        for index, of in causes.items():
            blocks.setdefault(frozenset(of), []).append(index)
        return tuple(tuple(block) for block in blocks.values())

    def clusters_by_leaf(self) -> dict[int, int]:
        """The clusters to be decided anew when the leaf changes, for its own tags and for those that refer to them."""
        reads: dict[str, set[int]] = {}
        clusters: dict[int, int] = {}
        for place, cluster in enumerate(self.clusters):
            for unit in cluster:
                read: set[int] = set()
                for node in (node for tag in unit.tags if tag.condition for node in tag.condition.walk()):
                    if isinstance(node, Leaf):
                        read.add(node.index)
                    elif isinstance(node, tree.Tagged):
                        read |= reads[node.tag]
                reads |= {tag.name: read for tag in unit.tags}
                for index in read:
                    clusters[index] = clusters.get(index, 0) | 1 << place
        return clusters

    def bits(self, leaves: Iterable[int]) -> int:
        """The blocks of the leaves."""
        return sum(1 << block for block in {self.block_of[leaf] for leaf in leaves})

    def empty(self, slot: Slot, place: int) -> Any:
        """What states share until the slot is filled; generated code knows it by name, to make one of their own."""
        empty = self.slots.empty(slot)
        if slot.grows:
            self.scope[f"empty_{place}"] = empty
            self.scope[f"fresh_{place}"] = self.slots.maker(slot)
        return empty

    # Values of a contact

    def leaf(self, index: int, leaf: tree.Condition) -> None:
        source = Source(f"def leaf_{index}(S, C, m):")
        source.line(f"return bool({self.condition(leaf, source)})")
        self.text += source.lines

    def condition(self, leaf: tree.Condition, source: Source) -> str:
        """Code of a leaf at the moment `m`."""
        if isinstance(leaf, tree.Within | tree.OlderThan):
            operand = self.value(leaf.moment, source)
            op = ">" if isinstance(leaf, tree.Within) else "<="
            return all_of(*operand.present, f"{operand.code} + {leaf.length} {op} m")
        return tested(leaf, lambda value: self.value(value, source))

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
                name = source.name(f"{held}.props.get({prop!r}) if {held} else None")
                return Operand(name, (f"{name} is not None",), 4 if self.plan.type_of(value) == "number" else 0)
            case tree.CountOf(events=events, over=None):
                return Operand(f"S[{place('count', events, None)}]")
            case tree.CountOf(events=events, over=over):
                return Operand(_Window(source, f"S[{place('count', events, over)}]", over).count)
            case tree.SumOf(events=events, prop=prop, over=None):
                return Operand(f"S[{place('sum', events, None, prop)}]", decimals=4)
            case tree.SumOf(events=events, prop=prop, over=over):
                return Operand(_Window(source, f"S[{place('sum', events, over, prop)}]", over).total, decimals=4)
            case tree.AverageOf(events=events, prop=prop, over=None):
                bearing = source.name(f"S[{place('bearing', events, None, prop)}]")
                return Operand(f"S[{place('sum', events, None, prop)}]", (f"{bearing} > 0",), 4, bearing)
            case tree.AverageOf(events=events, prop=prop, over=over):
                window = _Window(source, f"S[{place('sum', events, over, prop)}]", over)
                return Operand(window.total, (f"{window.count} > 0",), 4, window.count)
            case tree.LeastOf() | tree.GreatestOf():
                return self.extreme(value, source)
            case tree.DistinctOf(events=events, prop=prop, over=None):
                return Operand(f"len(S[{place('distinct', events, None, prop)}])")
            case tree.DistinctOf(events=events, prop=prop, over=over):
                return Operand(_Window(source, f"S[{place('distinct', events, over, prop)}]", over).count)
            case tree.AverageDelay(events=events, since=since, over=over):
                window = _Window(source, f"S[{place('delay', events, over, since=since)}].sums", over)
                return Operand(window.total, (f"{window.count} > 0",), 0, window.count)
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
                return reckoned(op, self.value(left, source), self.value(right, source))
        raise TypeError(f"{type(value).__name__} has no value")

    def extreme(self, value: tree.LeastOf | tree.GreatestOf, source: Source) -> Operand:
        """The least of a window is the largest of the negated values."""
        what = "least" if isinstance(value, tree.LeastOf) else "greatest"
        held = f"S[{self.slots.place(what, value.events, value.over, value.prop)}]"
        name = source.name(held) if value.over is None else _Window(source, held, value.over).peak
        negated = what == "least" and value.over is not None
        return Operand(f"(-{name})" if negated else name, (f"{name} is not None",), 4)

    def field(self, value: tree.Value, name: str, part: str, source: Source) -> Operand:
        readers = self.fields.setdefault(name, set())
        if self.slots.leaf is not None:
            readers.add(self.slots.leaf)
        code = f"C.get({name!r})"
        if part:
            held = source.name(code)
            code = f"{held}[{0 if part == 'low' else 1}] if {held} else None"
        held = source.name(code)
        return Operand(held, (f"{held} is not None",), 4 if self.plan.type_of(value) == "number" else 0)

    def figure(self, index: int, value: tree.Value) -> None:
        source = Source(f"def figure_{index}(S, C, m):")
        operand = self.value(value, source)
        scale = f" * {SCALE // 10**operand.decimals}" if operand.decimals < 4 else f" / {10 ** (operand.decimals - 4)}"
        divisor = f" / ({operand.divisor})" if operand.divisor else ""
        source.line(f"return Fraction({operand.code}){scale}{divisor} if {all_of(*operand.present)} else None")
        self.text += source.lines

    # Blocks of leaves, and their next flips

    def refresh(self, place: int, block: tuple[int, ...]) -> None:
        """One timer for all leaves of the block whose next flip is known, and one for each other."""
        source = Source(f"def refresh_{place}(S, C, L, F, m):")
        source.line("c = 0")
        known: list[str] = []
        for index in block:
            leaf = self.plan.leaves[index]
            if simple := self.simple_flip(index, leaf, source):
                truth, flip = simple
                known.append(source.name(flip))
            else:
                truth, flip = f"({self.condition(leaf, source)})", self.first_edge(leaf, source)
                if flip:
                    source.line(f"F[{self.timer(place, self.refine(index, leaf))}] = {flip}")
            source.line(f"b = {truth}")
            source.line(f"if L[{index}] is not b: L[{index}] = b; c |= {self.clusters_of.get(index, 0)}")
        if known:
            source.line(f"F[{self.timer(place, None)}] = {_least(known)}")
        source.line("return c")
        self.text += source.lines

    def timer(self, block: int, refine: str | None) -> int:
        self.timers.append(block)
        self.refiners.append(refine)
        return len(self.timers) - 1

    def simple_flip(self, index: int, leaf: tree.Condition, source: Source) -> tuple[str, str] | None:
        """Code of the truth and the next flip of the common leaves, whose flip is known without looking for it."""
        place, name = self.slots.place, source.name
        match leaf:
            case tree.Within(moment=tree.Last(events=events), length=length):
                moment = name(f"S[{place('last', events, None)}]")
                edge = name(f"{moment} + {length}")
                return f"{edge} > m", f"{edge} if {edge} > m else FOREVER"
            case tree.OlderThan(moment=tree.Last(events=events), length=length):
                moment = name(f"S[{place('last', events, None)}]")
                edge = name(f"{moment} + {length}")
                return f"{moment} != NEVER and {edge} <= m", f"{edge} if {edge} > m else FOREVER"
            case tree.Compare(
                op=op, left=tree.CountOf() | tree.DistinctOf() as counted, right=tree.Number(scaled=scaled)
            ):
                if op in _ORDERED and counted.over is not None and (least := _least_whole(op, scaled)) > 0:
                    what, prop = ("count", "") if isinstance(counted, tree.CountOf) else ("distinct", counted.prop)
                    times = name(f"S[{place(what, counted.events, counted.over, prop)}].times")
                    edge = name(f"{times}[-{least}] + {counted.over} if len({times}) >= {least} else NEVER")
                    truth = f"{edge} {'>' if op in ('>', '>=') else '<='} m"
                    return truth, f"{edge} if {edge} > m else FOREVER"
            case tree.Compare(op=op, left=tree.SumOf(over=int(over)) as summed, right=tree.Number(scaled=scaled)) if (
                op in _ORDERED
            ):
                bound = scaled + (op in (">", "<="))
                window = _Window(source, f"S[{place('sum', summed.events, over, summed.prop)}]", over)
                reached = name(f"{window.total} >= {bound}")
                truth = reached if op in (">", ">=") else name(f"not {reached}")
                looked_for = f"next_flip(leaf_{index}, S, C, {truth}, {window.stream}.edges(m, {over}))"
                falls = f"{window.stream}.falls_below({bound}, m, {over}) if {reached} else FOREVER"
                return truth, f"{looked_for} if {window.stream}.falls else {falls}"
        return None

    def first_edge(self, leaf: tree.Condition, source: Source) -> str:
        """Code of the first moment at which anything that the leaf reads changes by itself, if there is any.

        It stands for the next flip until that may be the first of all; then it is looked for (`refine`).
        """
        edges = dict.fromkeys(self.edges(leaf))
        return _least([source.name(each.first(source)) for each in edges]) if edges else ""

    def refine(self, index: int, leaf: tree.Condition) -> str:
        """The name of the function that looks for the exact next flip."""
        windows = [each.window for each in dict.fromkeys(self.edges(leaf))]
        if _only_falls(leaf):
            last = _largest([f"{stream}.last_edge({over})" for stream, over in cast(list[tuple[str, int]], windows)])
            self.text += [
                f"def refine_{index}(S, C, L, m):",
                f"    return next_fall(leaf_{index}, S, C, L[{index}], m, {last})",
            ]
            return f"refine_{index}"
        edges = [each.all for each in dict.fromkeys(self.edges(leaf))]
        together = edges[0] if len(edges) == 1 else f"merge({', '.join(edges)})"
        self.text += [
            f"def refine_{index}(S, C, L, m):",
            f"    return next_flip(leaf_{index}, S, C, L[{index}], {together})",
        ]
        return f"refine_{index}"

    def edges(self, leaf: tree.Condition) -> Iterator[_Edges]:
        """The moments after `m` at which each part of the leaf changes without an event."""
        place = self.slots.place
        for node in leaf.parts():
            match node:
                case tree.CountOf(events=events, over=int(over)):
                    yield _Edges.of_window(f"S[{place('count', events, over)}]", over)
                case tree.SumOf(over=int(over)) | tree.AverageOf(over=int(over)):
                    yield _Edges.of_window(f"S[{place('sum', node.events, over, node.prop)}]", over)
                case tree.LeastOf(over=int(over)) | tree.GreatestOf(over=int(over)):
                    what = "least" if isinstance(node, tree.LeastOf) else "greatest"
                    yield _Edges.of_window(f"S[{place(what, node.events, over, node.prop)}]", over)
                case tree.DistinctOf(events=events, prop=prop, over=int(over)):
                    yield _Edges.of_window(f"S[{place('distinct', events, over, prop)}]", over)
                case tree.AverageDelay(events=events, since=since, over=int(over)):
                    yield _Edges.of_window(f"S[{place('delay', events, over, since=since)}].sums", over)
                case tree.First(events=events) | tree.Last(events=events) if isinstance(
                    leaf, tree.Within | tree.OlderThan
                ):
                    what = "first" if isinstance(node, tree.First) else "last"
                    edge = f"S[{place(what, events, None)}] + {leaf.length}"
                    yield _Edges(f"([{edge}] if m < {edge} < FOREVER else ())")
                case tree.MonthsSince(field=of) | tree.UntilAnniversary(field=of):
                    which = "month_edges" if isinstance(node, tree.MonthsSince) else "anniversary_edges"
                    yield _Edges(f"{which}(C.get({of.name!r}), {_bounds(leaf)}, m)")
                case tree.Arithmetic():
                    yield from self.edges(cast(tree.Condition, node))

    def expired(self) -> None:
        source = Source("def expired(F, m):")
        source.line("d = 0")
        for place in range(len(self.blocks)):
            timers = [f"F[{timer}] <= m" for timer, block in enumerate(self.timers) if block == place]
            if timers:
                source.line(f"if {' or '.join(timers)}: d |= {1 << place}")
        source.line("return d")
        self.text += source.lines

    # Events

    def absorb(self, place: int, kind: str) -> None:
        """Every slot that events of the kind fill, grouped by what their filter asks."""
        source = Source(f"def absorb_{place}(S, event):")
        source.line("d = 0")
        source.line("t = event.occurred_at")
        source.line("p = event.props")
        filters: dict[tree.Condition | None, list[Slot]] = {}
        for slot in self.slots.places:
            if slot.since is None and slot.events.kind == kind:
                filters.setdefault(slot.events.where, []).append(slot)
        for where, slots in filters.items():
            if where is None:
                self.fill_all(slots, source)
            else:
                with source.under(f"if {self.test(where, kind, source)}:"):
                    self.fill_all(slots, source)
        for slot in self.slots.places:
            if slot.since is not None and kind in slot.kinds:
                self.fill_delay(slot, kind, source)
        source.line("return d")
        self.text += source.lines

    def fill_all(self, slots: list[Slot], source: Source) -> None:
        always: set[int] = set()
        for slot in slots:
            self.fill(slot, source)
            if slot.what in _ALWAYS:
                always |= self.slots.readers[slot]
        if always:
            source.line(f"d |= {self.bits(always)}")

    def fill(self, slot: Slot, source: Source) -> None:
        place = self.slots.places[slot]
        held, value = f"S[{place}]", f"p.get({slot.prop!r})"
        changed = f"d |= {self.bits(self.slots.readers[slot])}"
        match slot.what:
            case "last" | "first":
                source.line(f"if t {'>' if slot.what == 'last' else '<'} {held}: {held} = t; {changed}")
            case "last_event" | "first_event":
                op = ">" if slot.what == "last_event" else "<"
                source.line(f"e = {held}")
                with source.under(
                    f"if e is None or t {op} e.occurred_at or "
                    f"(t == e.occurred_at and order_key(event) {op} order_key(e)):"
                ):
                    source.line(f"{held} = event; {changed}")
            case "count":
                source.line(f"{held} += 1")
            case "recent_count":
                source.line(f"{self.own(place, source)}.add(t)")
            case "sum":
                source.line(f"{held} += {value} or 0")
            case "bearing":
                source.line(f"{held} += {value} is not None")
            case "least" | "greatest":
                name = source.name(value)
                op = "<" if slot.what == "least" else ">"
                source.line(
                    f"if {name} is not None and ({held} is None or {name} {op} {held}): {held} = {name}; {changed}"
                )
            case "distinct":
                name = source.name(value)
                with source.under(f"if {name} is not None:"):
                    source.line(f"{self.own(place, source)}.add({name})")
            case "recent_sum" | "recent_greatest" | "recent_least" | "recent_distinct":
                name = source.name(value)
                sign = "-" if slot.what == "recent_least" else ""
                with source.under(f"if {name} is not None:"):
                    source.line(f"{self.own(place, source)}.add(t, {sign}{name}); {changed}")

    def own(self, place: int, source: Source) -> str:
        """What the slot holds, made now where it is still the one that all states share."""
        source.line(f"s = S[{place}]")
        source.line(f"if s is empty_{place}: s = S[{place}] = fresh_{place}()")
        return "s"

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
        with source.under(f"if {roles[0]} or {roles[1]}:"):
            delays = self.own(self.slots.places[slot], source)
            source.line(f"{delays}.add((event, {roles[0]}, {roles[1]}), order_key)")
            source.line(f"d |= {self.bits(self.slots.readers[slot])}")

    def test(self, where: tree.Condition, kind: str, source: Source) -> str:
        """Code of a filter on the props `p` of the event at hand."""
        return flattened(where, lambda leaf: tested(leaf, lambda value: self.prop(value, kind, source)), source)

    def prop(self, value: tree.Value, kind: str, source: Source) -> Operand:
        if not isinstance(value, tree.Prop):
            return self.value(value, source)
        name = source.name(f"p.get({value.name!r})")
        return Operand(name, (f"{name} is not None",), 4 if self.plan.type_of(value, kind) == "number" else 0)

    # Tags

    def decide(self) -> None:
        source = Source("def decide(L, held, clusters):")
        for place, cluster in enumerate(self.clusters):
            with source.under(f"if clusters & {1 << place}:"):
                tags = sum(1 << tag.place for unit in cluster for tag in unit.tags)
                source.line(f"held &= {~tags}")
                for unit in cluster:
                    self.choose(unit, source, _remembered)
        source.line("return held")
        self.text += source.lines

    def decide_by_hand(self) -> None:
        source = Source("def decide_by_hand(L, H):")
        source.line("held = 0")
        for unit in self.plan.units:
            tests = self.tests(unit, source, _remembered)
            if unit.kind == "set":
                place, code = tests[0] if tests else (unit.tags[0].place, "False")
                hand = source.name(f"H.get({place})")
                source.line(f"if ({code}) if {hand} is None else {hand}[1] > 0: held |= {1 << place}")
                continue
            winner = source.name(f"winner(H, {tuple(tag.place for tag in unit.tags)!r})")
            source.line(f"if {winner} is not None: held |= 1 << {winner}")
            for place, code in tests:
                source.line(f"elif {place} not in H and ({code}): held |= {1 << place}")
        source.line("return held")
        self.text += source.lines

    def decide_afresh(self) -> None:
        source = Source("def decide_afresh(S, C, m):")
        source.line("held = 0")
        for unit in self.plan.units:
            self.choose(unit, source, lambda leaf: self.condition(self.plan.leaves[leaf.index], source))
        source.line("return held")
        self.text += source.lines

    def choose(self, unit: Unit, source: Source, leaf: Callable[[Leaf], str]) -> None:
        """The tag of a set group, or the first of a level group whose condition is true."""
        word = "if"
        for place, code in self.tests(unit, source, leaf):
            source.line(f"{word} {code}: held |= {1 << place}")
            word = "elif"

    def tests(self, unit: Unit, source: Source, leaf: Callable[[Leaf], str]) -> list[tuple[int, str]]:
        """Each tag's place and the code of when it holds if none before it does; `leaf` gives that of a leaf."""
        places = {name: place for place, name in enumerate(self.plan.tags)}

        def part(of: tree.Condition) -> str:
            return f"held & {1 << places[of.tag]}" if isinstance(of, tree.Tagged) else leaf(cast(Leaf, of))

        tests = [(tag.place, flattened(tag.condition, part, source)) for tag in unit.tags if tag.condition is not None]
        return tests + [(tag.place, "True") for tag in unit.tags if tag.otherwise]


_ALWAYS = {"count", "recent_count", "sum", "bearing", "distinct"}
"""Slots whose leaves are looked at again after every event that fills them."""


def _only_falls(leaf: tree.Condition) -> bool:
    """Whether the leaf bounds a value that only falls as time passes: counts, and counts added up."""
    if not isinstance(leaf, tree.Compare) or leaf.op not in _ORDERED or not isinstance(leaf.right, tree.Number):
        return False
    return _is_count(leaf.left)


def _is_count(value: tree.Value) -> bool:
    match value:
        case tree.Arithmetic(op="+", left=left, right=right):
            return _is_count(left) and _is_count(right)
    return isinstance(value, tree.CountOf | tree.DistinctOf | tree.Number)


def _largest(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"max({', '.join(codes)})"


_ORDERED = ("<", "<=", ">", ">=")


def _clusters(units: tuple[Unit, ...]) -> list[tuple[Unit, ...]]:
    """The units in their order, some side by side where there are many."""
    size = -(-len(units) // MOST_CLUSTERS)
    return [units[begin : begin + size] for begin in range(0, len(units), size)] if units else []


def _remembered(leaf: Leaf) -> str:
    """Code of a leaf as it was last refreshed."""
    return f"L[{leaf.index}]"


def _least(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"min({', '.join(codes)})"


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


def _winner(hands: dict[int, tuple[Any, int]], places: tuple[int, ...]) -> int | None:
    """The level that was last set by hand, of those still live."""
    live = [(hands[place][0], place) for place in places if place in hands and hands[place][1] > 0]
    return max(live)[1] if live else None


def _remembering_today(zone: ZoneInfo) -> Callable[[int], int]:
    """`today` in the zone, asked anew only when the last answer's span is left."""
    span = (1, 0, 0)
    """Begin, end and date, as one value: another thread sees all of it or nothing."""

    def remembered(moment: int) -> int:
        nonlocal span
        begin, end, day = span
        if not begin <= moment < end:
            day = today(moment, zone)
            span = (moment, next_date_change(moment, zone), day)
        return day

    return remembered
