"""Python source for a plan: how events change the slots of a state, and what leaves and tags follow.

Leaves that the same events change form a block, refreshed by one function and kept as the bits of one
number; tags form clusters, and only those whose leaves changed are decided anew. All functions are
ordinary Python without any tree to walk.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from typing import Any, cast
from zoneinfo import ZoneInfo

from seamark.engine import crossings, streams, tree
from seamark.engine.crossings import LeafFunction
from seamark.engine.events import Event, Held
from seamark.engine.linear import ORDERED, Linear, linear
from seamark.engine.moments import months_since, next_date_change, today, until_anniversary
from seamark.engine.plan import Day, Leaf, Plan, Unit
from seamark.engine.recurring import anniversary_edges, month_edges
from seamark.engine.slots import Slot, Slots
from seamark.engine.source import Operand, Source, all_of, flattened, reckoned, tested
from seamark.engine.streams import FOREVER, NEVER
from seamark.engine.units import DAY, SCALE

CLUSTERS_ASKED_TOGETHER = 6
MOST_CLUSTERS = 30
"""Python's whole numbers are quickest below 2**30."""

Fields = tuple[Held | None, ...]
"""A contact's fields that are read, in the order of `Reads.fields`."""
Refresh = Callable[[list[Any], Fields, list[int], list[int], int], int]
Refine = Callable[[list[Any], Fields, list[int], int, int], int]
Figure = Callable[[list[Any], Fields, int], Fraction | None]


@dataclass(frozen=True)
class Generated:
    """The functions of a plan. Blocks and clusters are named by bits."""

    slots: Slots
    blocks: tuple[tuple[int, ...], ...]
    """The leaves of each, in the order of their bits."""
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
    refine: tuple[Refine | None, ...]
    """For each timer, where refresh gives but a bound: (slots, fields, leaves, now, horizon) → its flip, exact up
    to the horizon."""
    decide: Callable[[list[int], int, int], int]
    """(leaves, a bit for each tag held before, clusters) → a bit for each tag held."""
    decide_by_hand: Callable[[list[int], dict[int, tuple[Any, int]]], int]
    """(leaves, live hands: place of tag → (order key, 1 set or −1 cleared)) → a bit for each tag held."""
    decide_afresh: Callable[[list[Any], Fields, int], int]
    """(slots, fields, now) → a bit for each tag held, without hands, and without a look at what was held before."""
    leaves: tuple[LeafFunction, ...]
    figures: tuple[Figure, ...]
    """The plan's figures in ten-thousandths, None where absent."""
    source: str


def generate(plan: Plan, zone: ZoneInfo) -> Generated:
    """The functions of a plan for an organisation's zone."""
    return _Generator(plan, zone).generated()


class _Window:
    """Code of what a window holds at the moment `m`; `held` is a stream, or a plain list of moments."""

    def __init__(self, source: Source, held: str, over: int, *, plain: bool = False) -> None:
        self.source = source
        self.over = over
        self.stream = source.name(held)
        self.times = self.stream if plain else source.name(f"{self.stream}.times")

    @property
    def begin(self) -> str:
        return self.source.name(f"bisect_right({self.times}, m - {self.over})")

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
        return self.source.name(
            f"{self.times}[{self.begin}] + {self.over} if {self.begin} < len({self.times}) else FOREVER"
        )

    @property
    def edges(self) -> str:
        return f"edges({self.times}, m, {self.over})"

    @property
    def part(self) -> str:
        """What `crossings.Part` needs to know of its sums; with `None` for these, of its entries."""
        return f"{self.times}, {self.stream}.sums, {self.over}"

    @property
    def part_counted(self) -> str:
        return f"{self.times}, None, {self.over}"


class _Generator:
    def __init__(self, plan: Plan, zone: ZoneInfo) -> None:
        self.plan = plan
        self.slots = Slots()
        self.fields: dict[str, set[int]] = {}
        """field → the leaves that read it."""
        self.timers: list[int] = []
        self.refiners: list[str | None] = []
        self.text: list[str] = []
        self.fields_at = {name: place for place, name in enumerate(plan.reads.fields)}
        self.scope: dict[str, Any] = {
            "bisect_right": bisect_right,
            "insort": insort,
            "Fraction": Fraction,
            "NEVER": NEVER,
            "FOREVER": FOREVER,
            "edges": streams.edges,
            "forget": streams.forget,
            "next_crossing": crossings.next_crossing,
            "while_present": crossings.while_present,
            "next_flip": crossings.next_flip,
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
        self.bit_of = {leaf: 1 << bit for block in self.blocks for bit, leaf in enumerate(block)}
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
            blocks=self.blocks,
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
            case tree.CountOf(over=int()):
                return Operand(self.window(value, source).count)
            case tree.SumOf(events=events, prop=prop, over=None):
                return Operand(f"S[{place('sum', events, None, prop)}]", decimals=4)
            case tree.SumOf(over=int()):
                return Operand(self.window(value, source).total, decimals=4)
            case tree.AverageOf(events=events, prop=prop, over=None):
                bearing = source.name(f"S[{place('bearing', events, None, prop)}]")
                return Operand(f"S[{place('sum', events, None, prop)}]", (f"{bearing} > 0",), 4, bearing)
            case tree.AverageOf(over=int()):
                window = self.window(value, source)
                return Operand(window.total, (f"{window.count} > 0",), 4, window.count)
            case tree.LeastOf() | tree.GreatestOf():
                return self.extreme(value, source)
            case tree.DistinctOf(events=events, prop=prop, over=None):
                return Operand(f"len(S[{place('distinct', events, None, prop)}])")
            case tree.DistinctOf(over=int()):
                return Operand(self.window(value, source).count)
            case tree.AverageDelay(events=events, since=since, over=None):
                sums = source.name(f"S[{place('delay', events, None, since=since)}].sums")
                count = source.name(f"len({sums}.times)")
                return Operand(source.name(f"{sums}.sums[-1]"), (f"{count} > 0",), 0, count)
            case tree.AverageDelay(over=int()):
                window = self.window(value, source)
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

    def window(self, value: tree.Value, source: Source) -> _Window:
        """The window that the value is about, in the slot that holds its entries."""
        place = self.slots.place
        match value:
            case tree.CountOf(events=events, over=int(over)):
                return _Window(source, f"S[{place('count', events, over)}]", over, plain=True)
            case (
                tree.SumOf(events=events, prop=prop, over=int(over))
                | tree.AverageOf(events=events, prop=prop, over=int(over))
            ):
                return _Window(source, f"S[{place('sum', events, over, prop)}]", over)
            case tree.LeastOf(events=events, prop=prop, over=int(over)):
                return _Window(source, f"S[{place('least', events, over, prop)}]", over)
            case tree.GreatestOf(events=events, prop=prop, over=int(over)):
                return _Window(source, f"S[{place('greatest', events, over, prop)}]", over)
            case tree.DistinctOf(events=events, prop=prop, over=int(over)):
                return _Window(source, f"S[{place('distinct', events, over, prop)}]", over)
            case tree.AverageDelay(events=events, since=since, over=int(over)):
                return _Window(source, f"S[{place('delay', events, over, since=since)}].sums", over)
        raise TypeError(f"{type(value).__name__} has no window")

    def extreme(self, value: tree.LeastOf | tree.GreatestOf, source: Source) -> Operand:
        """The least of a window is the largest of the negated values."""
        what = "least" if isinstance(value, tree.LeastOf) else "greatest"
        if value.over is None:
            name = source.name(f"S[{self.slots.place(what, value.events, None, value.prop)}]")
            return Operand(name, (f"{name} is not None",), 4)
        name = self.window(value, source).peak
        return Operand(f"(-{name})" if what == "least" else name, (f"{name} is not None",), 4)

    def field(self, value: tree.Value, name: str, part: str, source: Source) -> Operand:
        readers = self.fields.setdefault(name, set())
        if self.slots.leaf is not None:
            readers.add(self.slots.leaf)
        code = f"C[{self.fields_at[name]}]"
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
        """One timer for all leaves of the block whose next flip is known, and one for those where it is looked for."""
        source = Source(f"def refresh_{place}(S, C, L, F, m):")
        leaves = {index: self.plan.leaves[index] for index in block}
        counts = {index: counted for index, leaf in leaves.items() if (counted := _counted(leaf))}
        moments: dict[tree.Last | tree.First, list[int]] = {}
        for index, leaf in leaves.items():
            if isinstance(leaf, tree.Within | tree.OlderThan):
                moments.setdefault(leaf.moment, []).append(index)
        source.line(f"b = {sum(self.bit_of[index] for index, counted in counts.items() if not counted.reached)}")
        if moments or counts:
            source.line("f = FOREVER")
        for moment, indexes in moments.items():
            self.pass_lengths(moment, indexes, source)
        for index, counted in counts.items():
            self.count_back(counted, self.bit_of[index], source)
        sought: list[int] = []
        for index, leaf in leaves.items():
            if index not in counts and not isinstance(leaf, tree.Within | tree.OlderThan):
                source.line(f"if {self.condition(leaf, source)}: b |= {self.bit_of[index]}")
                if any(self.moving(leaf)):
                    sought.append(index)
        if moments or counts:
            source.line(f"F[{self.timer(place, None)}] = f")
        if sought:
            bounds = dict.fromkeys(edge for index in sought for edge in self.first_edges(leaves[index], source))
            source.line(f"F[{self.timer(place, self.refine(place, sought))}] = {_least(list(bounds))}")
        self.tell_changes(place, block, source)
        self.text += source.lines

    def timer(self, block: int, refine: str | None) -> int:
        self.timers.append(block)
        self.refiners.append(refine)
        return len(self.timers) - 1

    def pass_lengths(self, moment: tree.Last | tree.First, indexes: list[int], source: Source) -> None:
        """The leaves that ask how long ago the moment was: the first length not yet passed tells them all."""
        what, absent = ("last", "NEVER") if isinstance(moment, tree.Last) else ("first", "FOREVER")
        at = source.name(f"S[{self.slots.place(what, moment.events, None)}]")
        leaves = {self.bit_of[index]: self.plan.leaves[index] for index in indexes}
        asked = cast(dict[int, tree.Within | tree.OlderThan], leaves)

        def true(passed: int) -> int:
            """The leaves that are true once that length is passed, and no longer one."""
            return sum(bit for bit, leaf in asked.items() if isinstance(leaf, tree.Within) is (leaf.length > passed))

        with source.under(f"if {at} != {absent}:"):
            word, passed = "if", -1
            for length in sorted({leaf.length for leaf in asked.values()}):
                with source.under(f"{word} (e := {at} + {length}) > m:"):
                    source.line(f"b |= {true(passed)}")
                    source.line("if e < f: f = e")
                word, passed = "elif", length
            if after := true(passed):
                source.line(f"else: b |= {after}")

    def count_back(self, counted: _Counted, bit: int, source: Source) -> None:
        """A bound on a count flips when the entry that many places from the end leaves the window."""
        times = self.window(counted.value, source).times
        over = counted.value.over
        with source.under(f"if len({times}) >= {counted.least} and (e := {times}[-{counted.least}] + {over}) > m:"):
            source.line(f"b ^= {bit}")
            source.line("if e < f: f = e")

    def tell_changes(self, place: int, block: tuple[int, ...], source: Source) -> None:
        """Keep the leaves, and return the clusters of those that changed."""
        source.line(f"x = b ^ L[{place}]")
        source.line("if not x: return 0")
        source.line(f"L[{place}] = b")
        bits: dict[int, int] = {}
        for index in block:
            clusters = self.clusters_of.get(index, 0)
            bits[clusters] = bits.get(clusters, 0) | self.bit_of[index]
        if len(bits) == 1:
            source.line(f"return {next(iter(bits))}")
            return
        source.line("c = 0")
        for clusters, those in bits.items():
            source.line(f"if x & {those}: c |= {clusters}")
        source.line("return c")

    def refine(self, place: int, indexes: list[int]) -> str:
        """The name of the function that looks for the exact next flip of the leaves, all of one block."""
        source = Source(f"def refine_{place}(S, C, L, m, h):")
        flips = [self.flip(index, f"L[{place}] & {self.bit_of[index]} != 0", source) for index in indexes]
        source.line(f"return {_least(flips)}")
        self.text += source.lines
        return f"refine_{place}"

    def flip(self, index: int, truth: str, source: Source) -> str:
        """Code of the leaf's exact next flip."""
        leaf = self.plan.leaves[index]
        moving = list(self.moving(leaf))
        edges = list(dict.fromkeys(self.edges(value, leaf, source) for value in moving))
        together = edges[0] if len(edges) == 1 else f"merge({', '.join(edges)})"
        looked_for = f"next_flip(leaf_{index}, S, C, {truth}, {together}, h)"
        bound = linear(leaf)
        if bound is None:
            return looked_for
        summed = [value for value in moving if isinstance(value, tree.SumOf | tree.AverageOf)]
        if not summed:
            return self.crossing(bound, truth, source)
        falls = dict.fromkeys(f"{self.window(value, source).stream}.falls" for value in summed)
        return f"{looked_for} if {' or '.join(falls)} else {self.crossing(bound, truth, source)}"

    def crossing(self, bound: Linear, truth: str, source: Source) -> str:
        """Code of the next flip, reckoned; no value that is summed may be negative."""
        parts = [f"(1, {self.window(bound.mean, source).part})"] if bound.mean else []
        for value, weight in bound.weights.items():
            window = self.window(value, source)
            parts.append(f"({weight}, {window.part if isinstance(value, tree.SumOf) else window.part_counted})")
        code = f"next_crossing({bound.constant}, ({', '.join(parts)},), m, h)"
        if not bound.mean:
            return code
        window = self.window(bound.mean, source)
        return f"while_present({code}, {window.times}, {window.over}, {truth})"

    def moving(self, of: tree.Node) -> Iterator[tree.Value]:
        """The values of a leaf that change without an event."""
        for node in of.parts():
            match node:
                case tree.Arithmetic():
                    yield from self.moving(node)
                case tree.MonthsSince() | tree.UntilAnniversary():
                    yield node
            if isinstance(node, tree.Aggregate | tree.AverageDelay) and node.over is not None:
                yield node

    def first_edges(self, leaf: tree.Condition, source: Source) -> list[str]:
        """Code of the moments after `m` before which nothing that the leaf reads changes by itself.

        The first of them stands for the next flip until that may be the first of all; then it is looked for.
        """
        return [
            source.name(f"min({self.edges(value, leaf, source)}, default=FOREVER)")
            if isinstance(value, tree.MonthsSince | tree.UntilAnniversary)
            else self.window(value, source).first_edge
            for value in self.moving(leaf)
        ]

    def edges(self, value: tree.Value, leaf: tree.Condition, source: Source) -> str:
        """Code of the moments after `m` at which the value changes without an event."""
        if isinstance(value, tree.MonthsSince | tree.UntilAnniversary):
            which = "month_edges" if isinstance(value, tree.MonthsSince) else "anniversary_edges"
            return f"{which}(C[{self.fields_at[value.field.name]}], {_bounds(leaf)}, m)"
        return self.window(value, source).edges

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
                self.add_moment(held, self.slots.keep(slot), source)
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

    def add_moment(self, held: str, keep: int, source: Source) -> None:
        """Put the event's moment in its place, mostly the last."""
        source.line(f"s = {held}")
        source.line(f"if not s: {held} = [t]")
        with source.under("elif t >= s[-1]:"):
            source.line("s.append(t)")
            source.line(f"if len(s) >= {streams.STRIDE}: forget(s, t, {keep})")
        source.line("else: insort(s, t)")

    def own(self, place: int, source: Source) -> str:
        """What the slot holds, made now where it is still the one that all states share."""
        source.line(f"s = S[{place}]")
        source.line(f"if s is empty_{place}: s = S[{place}] = fresh_{place}()")
        return "s"

    def fill_delay(self, slot: Slot, kind: str, source: Source) -> None:
        assert slot.since is not None
        roles = []
        for events, bit in ((slot.events, streams.ANSWER), (slot.since, streams.OPENING)):
            if events.kind == kind:
                asked = events.where and self.test(events.where, kind, source)
                roles.append(f"{bit} * bool({asked})" if asked else str(bit))
        role = source.name(" + ".join(roles))
        with source.under(f"if {role}:"):
            delays = self.own(self.slots.places[slot], source)
            source.line(f"{delays}.add(event, {role}, order_key)")
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
        places = range(len(self.clusters))
        for some in (places[begin : begin + CLUSTERS_ASKED_TOGETHER] for begin in places[::CLUSTERS_ASKED_TOGETHER]):
            with source.under(f"if clusters & {sum(1 << place for place in some)}:"):
                for place in some:
                    self.decide_cluster(place, source)
        source.line("return held")
        self.text += source.lines

    def decide_cluster(self, place: int, source: Source) -> None:
        with source.under(f"if clusters & {1 << place}:"):
            tags = sum(1 << tag.place for unit in self.clusters[place] for tag in unit.tags)
            source.line(f"held &= {~tags}")
            for unit in self.clusters[place]:
                self.choose(unit, source, self.remembered)

    def remembered(self, leaf: Leaf) -> str:
        """Code of a leaf as it was last refreshed."""
        return f"L[{self.block_of[leaf.index]}] & {self.bit_of[leaf.index]}"

    def decide_by_hand(self) -> None:
        source = Source("def decide_by_hand(L, H):")
        source.line("held = 0")
        for unit in self.plan.units:
            tests = self.tests(unit, source, self.remembered)
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
        source.unpack("C", len(self.fields_at))
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


@dataclass(frozen=True)
class _Counted:
    """A count over a window, held against a whole number above 0."""

    value: tree.CountOf | tree.DistinctOf
    least: int
    reached: bool
    """Whether the leaf is true when there are at least so many, or when there are fewer."""


def _counted(leaf: tree.Condition) -> _Counted | None:
    match leaf:
        case tree.Compare(op=op, left=tree.CountOf() | tree.DistinctOf() as value, right=tree.Number(scaled=scaled)):
            if op in ORDERED and value.over is not None and (least := _least_whole(op, scaled)) > 0:
                return _Counted(value, least, op in (">", ">="))
    return None


def _clusters(units: tuple[Unit, ...]) -> list[tuple[Unit, ...]]:
    """The units in their order, some side by side where there are many."""
    size = -(-len(units) // MOST_CLUSTERS)
    return [units[begin : begin + size] for begin in range(0, len(units), size)] if units else []


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
