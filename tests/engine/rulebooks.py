"""Whole rulebooks, and histories whose moments lie on the edges of the windows those rulebooks use."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from seamark.engine import tree
from seamark.engine.events import Event, Held
from seamark.engine.kinds import WRITTEN_TYPES, Type
from seamark.engine.moments import as_moment, moment_text
from seamark.engine.online import Online
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Rulebook, load_rulebook
from seamark.engine.units import DAY, HOUR, MINUTE, SECOND, duration_text, number
from seamark.engine.write import write
from tests.engine.oracle import HAND_LASTS, HANDS, Oracle, leaves, local
from tests.engine.strategies import Vocabulary, conditions

NUMBERS = ("0", "1", "2", "-1", "2.5", "0.0001", "3", "100")
TEXTS = ("a", "b", 'c "d"\\', "询价")
DAYS = ("2024-02-29", "2023-02-28", "2026-10-31", "1999-12-30", "2011-12-30", "2018-11-04", "1990-03-01")
LENGTHS = (SECOND, 90 * MINUTE, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
CLOCKS = {
    "UTC": ("2026-11-20 10:00:00", "2024-02-29 00:00:00", "2025-12-31 23:59:59"),
    "Asia/Shanghai": ("2026-02-28 23:30:00", "1988-04-17 00:30:00", "2024-03-01 00:00:00"),
    "Europe/Berlin": ("2026-03-29 03:00:00", "2026-10-25 02:30:00", "2026-10-26 00:00:00"),
    "America/Sao_Paulo": ("2018-11-04 01:00:00", "2018-02-17 23:30:00", "2018-02-18 00:00:00"),
    "America/St_Johns": ("2006-10-29 00:00:30", "1988-04-03 02:01:00", "1935-03-30 00:00:00", "1917-04-08 02:00:00"),
    "Pacific/Apia": ("2011-12-29 23:59:59", "2011-12-31 00:00:00"),
}
"""Walls' clocks near changes of the clock, the ends of months, and a day that never was."""
WORDS = Vocabulary(
    kinds={
        "message.received": {"mentions": "list", "words": "list", "intent": "text"},
        "message.sent": {},
        "order.placed": {"amount": "number", "category": "text"},
        "loan.signed": {"sum": "number", "rate": "number", "due": "date", "called": "moment"},
    },
    fields={
        "employees": "number",
        "industry": "text",
        "budget": "range",
        "birthday": "date",
        "baby": "date",
        "called": "moment",
        "interests": "list",
    },
    params={"figure": tree.Number(0), "word": tree.Text("a"), "wait": tree.Duration(0)},
    tags=tuple(f"place/{place}" for place in range(9)),
    rules=tuple(f"{place}" for place in range(9)),
    terms=("price", "stock"),
    texts=TEXTS,
    dates=DAYS,
    windows=LENGTHS,
    numbers=tuple(number(text) for text in NUMBERS),
)
"""Few words, so that conditions meet the same events; `tags` and `rules` are places yet to be filled."""
CONDITIONS = conditions(WORDS, 3)


# Rulebooks


def settled(node: Any, before: list[tree.Condition]) -> Any:
    """The node with its references put to what stands before it, and with lengths and numbers that histories meet."""
    match node:
        case tuple():
            return tuple(settled(part, before) for part in node)
        case tree.Tagged(tag=place) | tree.RuleRef(name=place):
            plain = tree.Some(tree.Events("message.sent"), 3 * DAY)
            return before[int(place[-1]) % len(before)] if before else plain
        case tree.Number(scaled=scaled):
            return tree.Number(scaled if scaled in WORDS.numbers else WORDS.numbers[scaled % len(NUMBERS)])
        case tree.Has(value=value, text=text):
            return tree.Has(settled(value, before), WORDS.terms[len(text) % 2])
        case tree.Node():
            parts = {each.name: settled(getattr(node, each.name), before) for each in fields(node)}
            for name in parts.keys() & {"over", "length"}:
                parts[name] = parts[name] and min(LENGTHS, key=lambda length: abs(length - parts[name]))
            return replace(node, **parts)
    return node


def declared(types: Mapping[str, Type]) -> dict[str, str]:
    """The types as a rulebook writes them."""
    words = {type_: word for word, type_ in WRITTEN_TYPES.items()}
    return {name: words[type_] for name, type_ in types.items()}


@st.composite
def rulebook_texts(draw: st.DrawFn) -> str:
    """A rulebook of one to four groups, of which each refers only to what was drawn before it."""
    groups: dict[str, Any] = {}
    rules: dict[str, str] = {}
    before: list[tree.Condition] = []
    for place, kind in enumerate(draw(st.lists(st.sampled_from(("level", "set")), min_size=1, max_size=4))):
        drawn = draw(st.lists(CONDITIONS, min_size=3, max_size=5))
        if draw(st.booleans()):
            rules[f"rule{place}"] = write(settled(drawn.pop(), before))
            before.append(tree.RuleRef(f"rule{place}"))
        tags: dict[str, Any] = {}
        inside: list[tree.Condition] = []
        for name, condition in zip(("t0", "t1", "t2", "t3", "t4"), drawn, strict=False):
            tags[name] = {"when": write(settled(condition, before if kind == "level" else before + inside))}
            inside.append(tree.Tagged(f"g{place}/{name}"))
        if draw(st.booleans()):
            tags["hand"] = {"by_hand": True}
            inside.append(tree.Tagged(f"g{place}/hand"))
        if kind == "level" and draw(st.booleans()):
            tags["rest"] = {"otherwise": True}
            inside.append(tree.Tagged(f"g{place}/rest"))
        before += inside
        groups[f"g{place}"] = {"kind": kind, "tags": tags}
    whole = {
        "rulebook": "drawn",
        "kinds": {kind: declared(props) for kind, props in WORDS.kinds.items()},
        "fields": declared(WORDS.fields),
        "terms": {name: {"en": [name]} for name in WORDS.terms},
        "params": {
            "figure": draw(st.sampled_from(NUMBERS)),
            "word": draw(st.sampled_from(TEXTS)),
            "wait": duration_text(draw(st.sampled_from(LENGTHS))),
        },
        "rules": rules,
        "groups": dict(draw(st.permutations(list(groups.items())))),
    }
    return json.dumps(whole, ensure_ascii=False)


@dataclass
class Contact:
    """Events in the order of their arrival, duplicates among them, and fields of the file."""

    name: str
    events: list[Event]
    fields: dict[str, Held]
    visits: list[tuple[int, int]]
    """When verdicts are asked for, ever later, and how many events have arrived by then."""


@dataclass(repr=False)
class Scenario:
    """A rulebook, and contacts around `now`."""

    text: str
    zone: ZoneInfo
    now: int
    contacts: list[Contact]

    @cached_property
    def rulebook(self) -> Rulebook:
        return load_rulebook(self.text)

    @cached_property
    def plan(self) -> Plan:
        """The plan, in which each leaf is a tag too, so that no leaf goes unseen."""
        return plan_rulebook(self.rulebook, {f"leaf {place}": leaf for place, leaf in enumerate(leaves(self.rulebook))})

    @cached_property
    def online(self) -> Online:
        return Online(self.plan, self.zone)

    @cached_property
    def lengths(self) -> Mapping[str, set[int]]:
        """The lengths of time that are asked of each kind of event."""
        found: dict[str, set[int]] = defaultdict(set, {kind: {HAND_LASTS} for kind in HANDS})
        for nodes in ([*leaf.walk()] for leaf in self.plan.leaves):
            asked = {getattr(node, "over", None) or getattr(node, "length", None) for node in nodes} - {None}
            for events in (node for node in nodes if isinstance(node, tree.Events)):
                found[events.kind] |= asked
        return found

    @cached_property
    def days_matter(self) -> bool:
        """Whether anything can change when a day begins."""
        nodes = (node for leaf in self.plan.leaves for node in leaf.walk())
        return any(isinstance(node, tree.MonthsSince | tree.UntilAnniversary) for node in nodes)

    def oracle(self, contact: Contact, events: list[Event]) -> Oracle:
        return Oracle(self.rulebook, events, contact.fields, self.zone)

    def __repr__(self) -> str:
        told = {name: part for name, part in json.loads(self.text).items() if name in ("params", "rules", "groups")}
        return f"{json.dumps(told, ensure_ascii=False)}\n{self.zone.key} {self.now}\n{self.contacts}"


def held(oracle: Oracle, now: int) -> set[str]:
    """The tags and the true leaves, named as in `Scenario.plan`."""
    moment = oracle.at(now)
    return {*moment.tags(), *(f"leaf {place}" for place, true in enumerate(moment.leaves()) if true)}


def edges(scenario: Scenario, events: list[Event]) -> list[int]:
    """Every moment at which an event comes or leaves a window, or a hand ends."""
    found = {event.occurred_at + length for event in events for length in (0, *scenario.lengths[event.kind])}
    return sorted(found | {until for event in events if isinstance(until := event.props.get("until"), int)})


def day_edges(moment: int, zone: ZoneInfo) -> list[int]:
    """The moments within two days at which the date or the offset changes, found by looking closer and closer."""

    def told(at: int) -> tuple[Any, Any]:
        clock = local(at, zone)
        return clock.date(), clock.utcoffset()

    def looked(begin: int, end: int, steps: tuple[int, ...]) -> Iterator[int]:
        for at in range(begin, end, steps[0]):
            if told(at) != told(at + steps[0]):
                yield from looked(at, at + steps[0], steps[1:]) if steps[1:] else [at + steps[0]]

    begin = (moment - 2 * DAY) // DAY * DAY
    return list(looked(begin, begin + 4 * DAY, (HOUR, MINUTE, SECOND)))


# Histories


class Happenings:
    """Every event that can befall a contact of the scenario, by its number."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.reads = scenario.plan.reads
        by_members = [*HANDS, *(["field.changed"] if self.reads.fields else [])]
        by_others = sorted(self.reads.props.keys() - {*by_members}) or by_members
        self.kinds = (by_others, by_others, by_others, by_members)
        self.ordered = scenario.now % 2 == 0
        """Whether events come from a source that gives some an id or a seq."""
        self.tags = [tag for tag in scenario.plan.tags if "/" in tag] + ["no/such"]
        self.day_edges = day_edges(scenario.now, scenario.zone)
        today = local(scenario.now, scenario.zone).date()
        near = [today + timedelta(days=days) for days in (-30, -7, -3, -2, -1, 0, 1, 2, 3, 7)]
        self.days = [*DAYS, *(day.replace(year=2000).isoformat() for day in near), *(day.isoformat() for day in near)]

    def contact(self, name: str, numbers: list[int]) -> Contact:
        """The contact that the numbers stand for: the first tells of its fields, each other of an event."""
        first, *others = numbers
        random = Random(first)
        fields = {field: self.written(type_, random) for field, type_ in self.reads.fields.items()}
        events = [event for place, number in enumerate(others) for event in self.events(f"e{place}", name, number)]
        random.shuffle(events)
        return Contact(name, events, self.reads.fields_of(fields, self.scenario.zone), self.visits(events, random))

    def visits(self, events: list[Event], random: Random) -> list[tuple[int, int]]:
        near = [self.scenario.now, *edges(self.scenario, events)]
        moments = sorted(random.choice(near) + random.choice((0, 0, 1, -1)) for _ in range(3))
        arrived = sorted(random.randint(0, len(events)) for _ in range(2))
        return list(zip(moments, [*arrived, len(events)], strict=True))

    def events(self, id: str, contact: str, number: int) -> list[Event]:
        """The event of that number; now and then it comes twice."""
        random = Random(number)
        kind = random.choice(random.choice(self.kinds))
        values = {prop: self.written(type_, random) for prop, type_ in self.reads.props[kind].items()}
        if kind in HANDS:
            values["tag"] = random.choice(self.tags)
        if kind == "field.changed":
            field = random.choice(list(self.reads.fields))
            old, new = (self.written(self.reads.fields[field], random) for _ in range(2))
            values = {"field": field, "old": old, "new": new}
        event = self.reads.event(
            contact,
            self.moment(kind, random),
            kind,
            values,
            self.scenario.zone,
            id=random.choice(("", id)) if self.ordered else "",
            seq=random.choice((0, 0, 0, 1, -1)) if self.ordered else 0,
        )
        return [event] * random.choice((1, 1, 1, 2))

    def moment(self, kind: str, random: Random) -> int:
        """A moment on the edge of a window of the kind around `now`, on that of another such moment, or of a day."""
        lengths = [*sorted(self.scenario.lengths[kind]), 0]
        one, other = random.choice(lengths), random.choice(lengths)
        back = random.choice((one, one, one, one, one + other, one - other, -other))
        edge = random.choice(self.day_edges) if random.random() < 0.1 else self.scenario.now - back
        return edge + random.choice((0, 0, 1, -1))

    def written(self, type_: str, random: Random) -> Any:
        """A value as it stands in a file, or nothing."""
        if random.random() < 0.2:
            return None
        match type_:
            case "number":
                return random.choice(NUMBERS)
            case "text":
                return random.choice(TEXTS)
            case "date":
                return random.choice(self.days)
            case "moment":
                return moment_text(self.moment("", random))
            case "list":
                return random.choice((["price"], ["price", "stock"], ["stock"]))
        return random.choice(("1-100", "2.5-", {"high": 3}, "2"))


numbers = st.lists(st.integers(0, 2**20), min_size=6, max_size=10)


@st.composite
def scenarios(draw: st.DrawFn, most: int = 16) -> Scenario:
    """A rulebook and up to `most` contacts whose events lie on the edges of its windows around `now`."""
    text = draw(rulebook_texts())
    zone = ZoneInfo(draw(st.sampled_from(sorted(CLOCKS))))
    clock = datetime.fromisoformat(draw(st.sampled_from(CLOCKS[zone.key]))).replace(tzinfo=zone)
    now = as_moment(clock) + draw(st.sampled_from((0, -1, 1, HOUR, 90 * MINUTE, DAY)))
    scenario = Scenario(text, zone, now, [])
    happenings = Happenings(scenario)
    drawn = draw(st.lists(numbers, min_size=most // 2, max_size=most))
    scenario.contacts = [happenings.contact(f"c{place}", each) for place, each in enumerate(drawn)]
    return scenario
