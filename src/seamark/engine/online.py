"""Tags as things happen: events folded into a state, verdicts taken from it at any later moment."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from seamark.engine.events import Event, Held, from_canonical
from seamark.engine.generate import Generated, Refresh, generate, stream_class
from seamark.engine.kinds import FIELD_KIND, HAND_KINDS
from seamark.engine.plan import HAND_LASTS, Plan
from seamark.engine.streams import FOREVER, _hashable

_OPS = {"tag.set": 1, "tag.cleared": -1, "tag.lifted": 0}
_MOST_REMEMBERED_MASKS = 4096


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
    hands: dict[int, Hand] = field(default_factory=dict)
    """By the tag's place."""
    changes: dict[str, tuple[Any, Held | None]] = field(default_factory=dict)
    """The latest change of each field: order key, new value."""
    origins: dict[str, tuple[Any, Held | None]] = field(default_factory=dict)
    """The earliest change of each field, also one that lies ahead: order key, old value."""
    seen: dict[str, int] = field(default_factory=dict)
    """Moments of the ids that must not count twice."""
    # What follows is derived from the above.
    fields: dict[str, Held] = field(default_factory=dict)
    leaves: list[bool] = field(default_factory=list)
    flips: list[int] = field(default_factory=list)
    """When each leaf next changes by itself, or a moment before which it does not."""
    exact: int = 0
    """A bit for each leaf of `generated.refine` whose flip has been refined."""
    until: int = -FOREVER
    tags: tuple[str, ...] | None = None


class Online:
    """The evaluator of a plan, for an organisation's zone. Thread-safe: it holds nothing of a contact."""

    def __init__(self, plan: Plan, zone: ZoneInfo) -> None:
        self.plan = plan
        self.zone = zone
        self.generated: Generated = generate(plan, zone)
        self._places = {name: place for place, name in enumerate(plan.tags)}
        self._every_leaf = (1 << len(plan.leaves)) - 1
        self._kinds = frozenset((*self.generated.absorb, *HAND_KINDS, *((FIELD_KIND,) if plan.reads.fields else ())))
        self._refreshers: dict[int, tuple[Refresh, ...]] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._key: Callable[[Event], Any] = plan.reads.order_key

    def state(self, fields: Mapping[str, Held] | None = None) -> State:
        """The state of a contact of whom nothing has happened; `fields` are typed (`Reads.fields_of`)."""
        known = self.plan.reads.fields
        held = {name: value for name, value in (fields or {}).items() if name in known}
        size = len(self.plan.leaves)
        return State(
            self.generated.slots.empty(), held, fields=dict(held), leaves=[False] * size, flips=[-FOREVER] * size
        )

    def fold(self, state: State, event: Event) -> None:
        """Take an event in, whatever its moment. An id that was taken in before changes nothing.

        Of two events with one id but different content the one folded first counts; whoever stores
        events keeps such apart (`events.distinct_events`).
        """
        kind = event.kind
        if kind not in self._kinds:
            return
        if event.id and kind in self.generated.counted:
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
            raise ValueError(
                f"a state whose last verdict was at {state.now} cannot tell of {now}; fold its history again"
            )
        self._advance(state, now)
        until = self._dreamt(state) if state.pending else state.until
        return Verdict(cast(tuple[str, ...], state.tags), None if until >= FOREVER else until)

    def figures(self, state: State) -> tuple[Fraction | None, ...]:
        """The plan's figures at the state's last verdict, in ten-thousandths; None where absent."""
        return tuple(figure(state.slots, state.fields, state.now) for figure in self.generated.figures)

    # Going forward

    def _advance(self, state: State, now: int) -> None:
        """Bring leaves, flips and tags to `now`."""
        state.now = now
        dirty = 0
        hands_moved = False
        pending = state.pending
        if pending:
            if len(pending) == 1 and pending[0].occurred_at <= now:
                state.pending = []
                due = pending
            else:
                pending.sort(key=self._key)
                cut = next((place for place, event in enumerate(pending) if event.occurred_at > now), len(pending))
                due, state.pending = pending[:cut], pending[cut:]
            for event in due:
                absorb = self.generated.absorb.get(event.kind)
                if absorb is not None:
                    key = self._key(event) if event.kind in self.generated.keyed else None
                    dirty |= absorb(state.slots, key, event.occurred_at, cast(dict[str, Held], event.props))
                if event.kind in _OPS:
                    hands_moved |= self._take_hand(state, event)
                elif event.kind == FIELD_KIND:
                    dirty |= self._take_change(state, event)
        changed = state.tags is None
        if changed:  # the first verdict
            dirty = self._every_leaf
        leaves, flips = state.leaves, state.flips
        if dirty:
            state.exact &= ~dirty
            for refresh in self._refreshers_of(dirty):
                if refresh(state.slots, state.fields, leaves, flips, now):
                    changed = True
        if now >= state.until:
            hands_moved = True
            for place, flip in enumerate(flips):
                if flip <= now:
                    state.exact &= ~(1 << place)
                    if self.generated.refresh[place](state.slots, state.fields, leaves, flips, now):
                        changed = True
        if changed or hands_moved:
            state.tags = self._decided(state)
        if dirty or hands_moved:
            state.until = self._first_flip(state, now)

    def _first_flip(self, state: State, now: int) -> int:
        """The first flip of any leaf or hand; bounds are refined until the first is exact."""
        flips = state.flips
        first = min(flips, default=FOREVER)
        while first < FOREVER:
            place = flips.index(first)
            refine = self.generated.refine.get(place)
            if refine is None or state.exact >> place & 1:
                break
            state.exact |= 1 << place
            flips[place] = refine(state.slots, state.fields, state.leaves[place], now)
            first = min(flips)
        return min(first, self._hands_until(state, now)) if state.hands else first

    def _refreshers_of(self, dirty: int) -> tuple[Refresh, ...]:
        found = self._refreshers.get(dirty)
        if found is None:
            if len(self._refreshers) >= _MOST_REMEMBERED_MASKS:
                self._refreshers.clear()
            found = tuple(refresh for place, refresh in enumerate(self.generated.refresh) if dirty >> place & 1)
            self._refreshers[dirty] = found
        return found

    def _decided(self, state: State) -> tuple[str, ...]:
        live = self._live_hands(state) if state.hands else None
        held = self.generated.decide_by_hand(state.leaves, live) if live else self.generated.decide(state.leaves)
        names = self._names.get(held)
        if names is None:
            if len(self._names) >= _MOST_REMEMBERED_MASKS:
                self._names.clear()
            names = tuple(name for place, name in enumerate(self.plan.tags) if held >> place & 1)
            self._names[held] = names
        return names

    def _dreamt(self, state: State) -> int:
        """`valid_until` where events are known to lie ahead: go through them, on a copy, until a leaf changes."""
        dream = copy.deepcopy(state)
        leaves, live = list(dream.leaves), self._live_hands(dream)
        while dream.pending:
            self._advance(dream, min(dream.until, dream.pending[0].occurred_at))
            if dream.leaves != leaves or self._live_hands(dream) != live:
                return dream.now
        return dream.until

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
        state.hands[place] = Hand(key, _OPS[event.kind], cast(int, until))
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
            state.origins[name] = (key, from_canonical(cast(str | None, event.props.get("old")), type_))
            if name not in state.changes and self._show_field(state, name):
                self._look_again(state, name)

    def _look_again(self, state: State, name: str) -> None:
        """Leaves of a field that changed outside a verdict are looked at in the next one."""
        bits = self.generated.field_leaves.get(name, 0)
        for place in range(len(state.flips)):
            if bits >> place & 1:
                state.flips[place] = state.until = -FOREVER

    def _take_change(self, state: State, event: Event) -> int:
        name = str(event.props.get("field"))
        type_ = self.plan.reads.fields.get(name)
        if type_ is None:
            return 0
        key = self._key(event)
        if name in state.changes and state.changes[name][0] >= key:
            return 0
        state.changes[name] = (key, from_canonical(cast(str | None, event.props.get("new")), type_))
        return self.generated.field_leaves.get(name, 0) if self._show_field(state, name) else 0

    def _show_field(self, state: State, name: str) -> bool:
        """Put the field's value of now where leaves read it; whether it is another one."""
        source = state.changes.get(name) or state.origins.get(name)
        value = source[1] if source else state.file_fields.get(name)
        if state.fields.get(name) == value:
            return False
        if value is None:
            state.fields.pop(name, None)
        else:
            state.fields[name] = value
        return True

    def _remember(self, state: State, event: Event) -> None:
        """An id is kept as long as counting its event again would show."""
        state.seen[event.id] = event.occurred_at
        if len(state.seen) % 256 == 0:
            keep = max(self.generated.counted.values())
            horizon = state.now - keep
            state.seen = {id: moment for id, moment in state.seen.items() if moment > horizon}

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
        state = self.state({name: _hashable(value) for name, value in kept["fields"].items()})
        for slot, place in self.generated.slots.places.items():
            state.slots[place] = self._loaded(slot, kept["slots"][place])
        state.now = kept["now"]
        for contact, occurred_at, kind, props, id, seq in kept["pending"]:
            held = {name: _hashable(value) for name, value in props.items()}
            state.pending.append(Event(contact, occurred_at, kind, held, id, seq))
        state.hands = {int(place): Hand(_hashable(key), op, until) for place, (key, op, until) in kept["hands"].items()}
        state.changes = {name: _hashable(value) for name, value in kept["changes"].items()}
        state.origins = {name: _hashable(value) for name, value in kept["origins"].items()}
        state.seen = kept["seen"]
        for name in {*state.changes, *state.origins}:
            self._show_field(state, name)
        return state

    def _loaded(self, slot: Any, dumped: Any) -> Any:
        if slot.what in ("last_event", "first_event"):
            return dumped and (_hashable(dumped[0]), {name: _hashable(value) for name, value in dumped[1].items()})
        if slot.what == "distinct":
            return {_hashable(value) for value in dumped}
        if slot.what.startswith("recent_") or slot.what == "delay":
            return stream_class(slot).load(self.generated.slots.longest[slot] or FOREVER, dumped)
        return dumped
