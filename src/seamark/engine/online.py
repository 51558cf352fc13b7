"""Tags as things happen: events folded into a state, verdicts taken from it at any later moment."""

from __future__ import annotations

import copy
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from seamark.engine.events import Event, Held, from_canonical
from seamark.engine.generate import Fields, Generated, Refresh, generate
from seamark.engine.kinds import FIELD_KIND, HAND_KINDS
from seamark.engine.plan import HAND_LASTS, Plan
from seamark.engine.slots import Slot
from seamark.engine.streams import FOREVER, event_of, hashable

_OPS = {"tag.set": 1, "tag.cleared": -1, "tag.lifted": 0}
_MOST_REMEMBERED = 4096
_FEWEST_FORGOTTEN = 256
_TAGS_NAMED_TOGETHER = 20
_TOGETHER = (1 << _TAGS_NAMED_TOGETHER) - 1


_NONE: Mapping[Any, Any] = {}
"""Shared by the states of most contacts, and never changed."""


def _none() -> Mapping[Any, Any]:
    return _NONE


class Verdict(NamedTuple):
    """The tags held at a moment, in the order of the rulebook."""

    tags: tuple[str, ...]
    valid_until: int | None
    """The first later moment, in microseconds, at which a leaf changes unless an event comes; None: never."""


@dataclass(slots=True)
class Hand:
    """The last hand event of a tag."""

    key: Any
    op: int
    """1 set, −1 cleared, 0 lifted."""
    until: int
    """FOREVER when it has no end."""


@dataclass(slots=True)
class State:
    """What is remembered of one contact. Made and changed by `Online` alone."""

    slots: list[Any]
    file_fields: dict[str, Held]
    now: int = -FOREVER
    """The moment of the last verdict."""
    pending: list[Event] = field(default_factory=list)
    """Events folded since, and those that lie after `now`."""
    hands: Mapping[int, Hand] = field(default_factory=_none)
    """By the tag's place."""
    changes: Mapping[str, tuple[Any, Held | None]] = field(default_factory=_none)
    """The latest change of each field: order key, new value."""
    origins: Mapping[str, tuple[Any, Held | None]] = field(default_factory=_none)
    """The earliest change of each field, also one that lies ahead: order key, old value."""
    seen: dict[str, int] = field(default_factory=dict)
    """Moments of the ids that must not count twice."""
    seen_at_most: int = _FEWEST_FORGOTTEN
    """How many ids there may be before old ones are forgotten; it doubles, so that forgetting stays cheap."""
    # What follows is derived from the above.
    fields: Fields = ()
    """Shared where all are absent, and not changed in place."""
    stale: int = 0
    """A bit for each block of leaves to be looked at in the next verdict."""
    leaves: list[int] = field(default_factory=list)
    """For each block a bit for each of its leaves that is true."""
    flips: list[int] = field(default_factory=list)
    """For each timer when one of its leaves next changes by itself, or a moment before which none does."""
    exact: int = 0
    """A bit for each timer whose flip has been refined."""
    until: int = FOREVER
    settled: bool = True
    """Whether `until` is exact; otherwise nothing changes before it, and perhaps not at it."""
    held: int = 0
    """A bit for each tag held."""
    tags: tuple[str, ...] = ()


class Names(dict[int, tuple[str, ...]]):
    """The names of some tags that follow one another, by the bits of those held."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __missing__(self, held: int) -> tuple[str, ...]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[held] = named = tuple(name for place, name in enumerate(self.names) if held >> place & 1)
        return named


class Refreshers(dict[int, tuple[tuple[Refresh, ...], int]]):
    """For some blocks: their functions, and a bit for each timer of all other blocks."""

    def __init__(self, generated: Generated) -> None:
        self.generated = generated
        self.timers = [0] * len(generated.blocks)
        for timer, block in enumerate(generated.timers):
            self.timers[block] |= 1 << timer

    def __missing__(self, dirty: int) -> tuple[tuple[Refresh, ...], int]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        blocks = [block for block in range(dirty.bit_length()) if dirty >> block & 1]
        refreshers = tuple([self.generated.refresh[block] for block in blocks])
        self[dirty] = found = refreshers, ~sum([self.timers[block] for block in blocks])
        return found


class Online:
    """The evaluator of a plan, for an organisation's zone. Thread-safe: it holds nothing of a contact."""

    def __init__(self, plan: Plan, zone: ZoneInfo) -> None:
        self.plan = plan
        self.zone = zone
        self.generated: Generated = generate(plan, zone)
        self._places = {name: place for place, name in enumerate(plan.tags)}
        self._kinds = frozenset((*self.generated.absorb, *HAND_KINDS, *((FIELD_KIND,) if plan.reads.fields else ())))
        self._absorb, self._expired = self.generated.absorb, self.generated.expired
        self._refine, self._decide = self.generated.refine, self.generated.decide
        self._counted = self.generated.slots.counted()
        self._longest_counted = max(self._counted.values(), default=0)
        self._refreshers = Refreshers(self.generated)
        self._fields_at = {name: place for place, name in enumerate(plan.reads.fields)}
        self._all_fields = _row_reader(tuple(self._fields_at))
        steps = range(0, len(plan.tags), _TAGS_NAMED_TOGETHER)
        self._names = [Names(plan.tags[step : step + _TAGS_NAMED_TOGETHER]) for step in steps]
        self._key: Callable[[Event], Any] = plan.reads.order_key
        self._unknown = self.row({})
        blank = list(self.generated.empty)
        self._blank = [
            sum(1 << bit for bit, leaf in enumerate(block) if self.generated.leaves[leaf](blank, self._unknown, 0))
            for block in self.generated.blocks
        ]
        """The leaves of a contact of whom nothing is known, whatever the moment."""
        self._held = self.generated.decide(self._blank, 0, -1)
        self._tags = self._named(self._held)

    def state(self, fields: Mapping[str, Held] | None = None) -> State:
        """The state of a contact of whom nothing has happened; `fields` are typed (`Reads.fields_of`)."""
        known = self.plan.reads.fields
        held = {name: value for name, value in (fields or {}).items() if name in known}
        state = State(list(self.generated.empty), held, held=self._held, tags=self._tags)
        state.fields = self.row(held) if held else self._unknown
        state.leaves = self._blank.copy()
        state.flips = [FOREVER] * len(self.generated.timers)
        for name in held:
            state.stale |= self.generated.field_blocks.get(name, 0)
        return state

    def row(self, fields: Mapping[str, Held]) -> Fields:
        """Typed fields as the generated functions read them."""
        try:
            return self._all_fields(fields)
        except KeyError:
            return tuple(map(fields.get, self._fields_at))

    def fold(self, state: State, event: Event) -> None:
        """Take an event in, whatever its moment. An id that was taken in before changes nothing.

        Of two events with one id but different content the one folded first counts; whoever stores
        events keeps such apart (`events.distinct_events`).
        """
        kind = event.kind
        if kind not in self._kinds:
            return
        if event.id and kind in self._counted:
            if event.id in state.seen:
                return
            self._remember(state, event)
        if kind == FIELD_KIND:
            self._note_origin(state, event)
        state.pending.append(event)

    def verdict(self, state: State, now: int) -> Verdict:
        """The tags at `now`, and until when they hold. `now` is never before the state's last verdict.

        Raises ValueError for an earlier moment: fold the history again for that.
        """
        if now < state.now:
            raise _too_early(state, now)
        self._advance(state, now)
        until = self._dreamt(state) if state.pending else state.until
        return Verdict(state.tags, None if until >= FOREVER else until)

    def step(self, state: State, now: int, horizon: int) -> tuple[str, ...]:
        """The tags of `verdict`, for whoever comes back at `state.until` or the horizon, whichever is earlier.

        Found quicker, as a leaf's next change is not looked for beyond the horizon.
        """
        if now < state.now:
            raise _too_early(state, now)
        self._advance(state, now, horizon)
        return state.tags

    def tags(self, state: State, now: int) -> tuple[str, ...]:
        """The tags of `verdict`, found quicker as nobody asks until when they hold."""
        if now < state.now:
            raise _too_early(state, now)
        if state.hands or any(event.kind in _OPS for event in state.pending):
            return self.verdict(state, now).tags
        state.now = now
        for event in self._due(state, now):
            if event.kind in self._absorb:
                state.stale |= self._absorb[event.kind](state.slots, event)
            if event.kind == FIELD_KIND:
                state.stale |= self._take_change(state, event)
        return self._named(self.generated.decide_afresh(state.slots, state.fields, now))

    def figures(self, state: State) -> tuple[Fraction | None, ...]:
        """The plan's figures at the state's last verdict, in ten-thousandths; None where absent."""
        return tuple(figure(state.slots, state.fields, state.now) for figure in self.generated.figures)

    # Going forward

    def _advance(self, state: State, now: int, horizon: int = FOREVER) -> None:
        """Bring leaves, flips and tags to `now`; what comes behind the horizon needs not be exact."""
        state.now = now
        dirty, state.stale = state.stale, 0
        hands_moved = False
        events = state.pending
        if events:
            if len(events) > 1 or events[0].occurred_at > now:
                events = self._due(state, now)
            else:
                state.pending = []
            for event in events:
                absorb = self._absorb.get(event.kind)
                if absorb is not None:
                    dirty |= absorb(state.slots, event)
                if event.kind in _OPS:
                    hands_moved |= self._take_hand(state, event)
                elif event.kind == FIELD_KIND:
                    dirty |= self._take_change(state, event)
        if now >= state.until:
            dirty |= self._expired(state.flips, now)
            hands_moved |= bool(state.hands)
        changed = self._refreshed(state, dirty, now) if dirty else 0
        if changed or hands_moved:
            self._decide_again(state, changed)
        if dirty or hands_moved or not state.settled:
            state.until = self._first_flip(state, now, horizon)
            state.settled = state.until <= horizon

    def _due(self, state: State, now: int) -> list[Event]:
        """The pending events up to `now`, in order; the others stay pending."""
        pending = state.pending
        pending.sort(key=self._key)
        cut = bisect_right(pending, now, key=lambda event: event.occurred_at)
        state.pending = pending[cut:]
        return pending[:cut]

    def _refreshed(self, state: State, dirty: int, now: int) -> int:
        """Look at the dirty blocks again; the clusters of tags that may have changed."""
        refreshers, kept = self._refreshers[dirty]
        state.exact &= kept
        changed = 0
        slots, fields, leaves, flips = state.slots, state.fields, state.leaves, state.flips
        for refresh in refreshers:
            changed |= refresh(slots, fields, leaves, flips, now)
        return changed

    def _first_flip(self, state: State, now: int, horizon: int) -> int:
        """The first flip of any leaf or hand; bounds are refined until the first is exact, or behind the horizon."""
        flips = state.flips
        first = min(flips, default=FOREVER)
        while first <= horizon and first < FOREVER:
            timer = flips.index(first)
            refine = self._refine[timer]
            if refine is None or state.exact >> timer & 1:
                break
            flips[timer] = refine(state.slots, state.fields, state.leaves, now, horizon)
            if flips[timer] <= horizon:
                state.exact |= 1 << timer
            first = min(flips)
        assert first > now, "a leaf that changes by itself changes later, or whoever waits for it waits for ever"
        return min(first, self._hands_until(state, now)) if state.hands else first

    def _decide_again(self, state: State, clusters: int) -> None:
        if state.hands:
            held = self.generated.decide_by_hand(state.leaves, self._live_hands(state))
        else:
            held = self._decide(state.leaves, state.held, clusters)
        if held != state.held:
            state.held = held
            state.tags = self._named(held)

    def _named(self, held: int) -> tuple[str, ...]:
        tags: tuple[str, ...] = ()
        for names in self._names:
            tags += names[held & _TOGETHER]
            held >>= _TAGS_NAMED_TOGETHER
        return tags

    def _dreamt(self, state: State) -> int:
        """`valid_until` where events are known to lie ahead: go through them, on a copy, until a leaf changes."""
        dream = copy.deepcopy(state)
        before = self._decisive(dream)
        while dream.pending:
            self._advance(dream, min(dream.until, dream.pending[0].occurred_at))
            if self._decisive(dream) != before:
                return dream.now
        return dream.until

    def _decisive(self, state: State) -> tuple[object, ...]:
        """What must change at `valid_until`: a leaf, a hand's being live, or who of several hands decides.

        A hand that is only renewed changes nothing.
        """
        hands = {place: op for place, (_, op) in self._live_hands(state).items()}
        return list(state.leaves), hands, state.tags

    # Hands and fields

    def _take_hand(self, state: State, event: Event) -> bool:
        place = self._places.get(str(event.props.get("tag")))
        if place is None:
            return False
        key = self._key(event)
        before = state.hands.get(place)
        if before is not None and before.key >= key:
            return False
        until = event.props.get("until")
        if until is None:
            until = FOREVER if self.plan.tags[place] in self.plan.by_hand else event.occurred_at + HAND_LASTS
        state.hands = {**state.hands, place: Hand(key, _OPS[event.kind], cast(int, until))}
        return True

    def _live_hands(self, state: State) -> dict[int, tuple[Any, int]]:
        return {place: (hand.key, hand.op) for place, hand in state.hands.items() if hand.op and hand.until > state.now}

    def _hands_until(self, state: State, now: int) -> int:
        return min((hand.until for hand in state.hands.values() if hand.op and hand.until > now), default=FOREVER)

    def _note_origin(self, state: State, event: Event) -> None:
        """The value before the earliest change is that change's `old`, even while it lies ahead."""
        name = str(event.props.get("field"))
        type_ = self.plan.reads.fields.get(name)
        if type_ is None:
            return
        key = self._key(event)
        if name not in state.origins or key < state.origins[name][0]:
            old = from_canonical(cast(str | None, event.props.get("old")), type_)
            state.origins = {**state.origins, name: (key, old)}
            if name not in state.changes and self._show_field(state, name):
                state.stale |= self.generated.field_blocks.get(name, 0)

    def _take_change(self, state: State, event: Event) -> int:
        name = str(event.props.get("field"))
        type_ = self.plan.reads.fields.get(name)
        if type_ is None:
            return 0
        key = self._key(event)
        if name in state.changes and state.changes[name][0] >= key:
            return 0
        new = from_canonical(cast(str | None, event.props.get("new")), type_)
        state.changes = {**state.changes, name: (key, new)}
        return self.generated.field_blocks.get(name, 0) if self._show_field(state, name) else 0

    def _show_field(self, state: State, name: str) -> bool:
        """Put the field's value of now where leaves read it; whether it is another one."""
        source = state.changes.get(name) or state.origins.get(name)
        value = source[1] if source else state.file_fields.get(name)
        place = self._fields_at[name]
        if state.fields[place] == value:
            return False
        state.fields = (*state.fields[:place], value, *state.fields[place + 1 :])
        return True

    def _remember(self, state: State, event: Event) -> None:
        """An id is kept as long as counting its event again would show."""
        state.seen[event.id] = event.occurred_at
        if len(state.seen) >= state.seen_at_most:
            horizon = state.now - self._longest_counted
            state.seen = {id: moment for id, moment in state.seen.items() if moment > horizon}
            state.seen_at_most = max(_FEWEST_FORGOTTEN, 2 * len(state.seen))

    # Keeping states

    def dump(self, state: State) -> bytes:
        """The state as JSON; `load` reads it back as long as the plan is the same."""
        slots = [
            held.dump() if hasattr(held, "dump") else sorted(held, key=repr) if isinstance(held, set) else held
            for held in state.slots
        ]
        kept = {
            "plan": self.plan.hash,
            "zone": self.zone.key,
            "slots": slots,
            "fields": state.file_fields,
            "now": state.now,
            "pending": state.pending,
            "hands": {place: (hand.key, hand.op, hand.until) for place, hand in state.hands.items()},
            "changes": state.changes,
            "origins": state.origins,
            "seen": state.seen,
        }
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()

    def load(self, dumped: bytes) -> State | None:
        """The state that was dumped, or None when it is of another plan or zone: rebuild it from history."""
        kept = json.loads(dumped)
        if (kept["plan"], kept["zone"]) != (self.plan.hash, self.zone.key):
            return None
        state = self.state({name: hashable(value) for name, value in kept["fields"].items()})
        for slot, place in self.generated.slots.places.items():
            state.slots[place] = self._loaded(slot, kept["slots"][place])
        state.now = kept["now"]
        state.pending = [event_of(event) for event in kept["pending"]]
        state.hands = {int(place): Hand(hashable(key), op, until) for place, (key, op, until) in kept["hands"].items()}
        state.changes = {name: hashable(value) for name, value in kept["changes"].items()}
        state.origins = {name: hashable(value) for name, value in kept["origins"].items()}
        state.seen = kept["seen"]
        for name in {*state.changes, *state.origins}:
            self._show_field(state, name)
        state.stale = (1 << len(self.generated.blocks)) - 1
        state.until = -FOREVER
        return state

    def would_load(self, dumped: bytes) -> bool:
        """Whether `load` would read it back: it is of this plan and zone. Found out without reading all of it."""
        head = json.dumps({"plan": self.plan.hash, "zone": self.zone.key}, separators=(",", ":"))
        return dumped.startswith(head.removesuffix("}").encode())

    @staticmethod
    def moment_of(dumped: bytes) -> int:
        """The moment of the last verdict of a dumped state, of whatever plan it is."""
        moment: int = json.loads(dumped)["now"]
        return moment

    def _loaded(self, slot: Slot, dumped: Any) -> Any:
        if slot.what in ("last_event", "first_event"):
            return dumped and event_of(dumped)
        if slot.what == "distinct":
            return {hashable(value) for value in dumped}
        if slot.stream:
            return slot.stream.load(self.generated.slots.keep(slot), dumped)
        return dumped


def _row_reader(names: tuple[str, ...]) -> Callable[[Mapping[str, Held]], Fields]:
    """Reads the named fields of a mapping that has all of them, in one call."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda fields: tuple(fields[name] for name in names)


def _too_early(state: State, now: int) -> ValueError:
    return ValueError(f"a state whose last verdict was at {state.now} cannot tell of {now}; fold its history again")
