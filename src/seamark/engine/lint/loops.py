"""Reactions and journeys that set themselves going again, without end."""

from __future__ import annotations

from collections.abc import Iterator

from seamark.engine import tree
from seamark.engine.errors import Problem
from seamark.engine.plan import PlannedTag, plan_rulebook
from seamark.engine.rulebook import Deed, Journey, Reaction, Rulebook

Edge = tuple[str, str]
"""("enter" or "leave", tag)"""
OPPOSITE = {"enter": "leave", "leave": "enter"}


def loop_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Edges that lead to themselves again, journeys that start themselves, and deeds that undo one another."""
    edges = _Edges(rulebook)
    yield from edges.loops()
    yield from _journeys(rulebook)
    yield from _undone(rulebook)
    yield from _held_by_hand(rulebook)


class _Edges:
    """What follows from the entering and leaving of each tag."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.plan = plan_rulebook(rulebook)
        self.steps: dict[Edge, list[Edge]] = {}
        for unit in self.plan.units:
            for place, tag in enumerate(unit.tags):
                self.standing(tag, unit.tags[place + 1 :] if unit.kind == "level" else ())
        for reaction in rulebook.reactions:
            for deed in self.all_deeds(reaction):
                self.follow((reaction.edge, reaction.tag), deed)

    def add(self, edge: Edge, to: Edge) -> None:
        """One edge makes another; what is entered already is not entered again."""
        if edge != to:
            self.steps.setdefault(edge, []).append(to)

    def all_deeds(self, reaction: Reaction) -> list[Deed]:
        """Its deeds and those of the journeys that they start, unless one can be entered but once."""
        deeds = list(reaction.deeds)
        started: set[str] = set()
        for deed in deeds:
            if deed.verb == "start" and deed.name not in started:
                started.add(deed.name)
                journey = self.rulebook.journeys[deed.name]
                deeds += journey.deeds if journey.re_enter != "never" else ()
        return deeds

    def follow(self, edge: Edge, deed: Deed) -> None:
        """What a deed makes of an edge."""
        if deed.verb in ("set", "clear"):
            made = "enter" if deed.verb == "set" else "leave"
            self.add(edge, (made, deed.name))
            if deed.name not in self.plan.by_hand:  # a hand on a computed tag ends some day
                self.add((made, deed.name), (OPPOSITE[made], deed.name))

    def standing(self, tag: PlannedTag, later: tuple[PlannedTag, ...]) -> None:
        """What else enters and leaves when a tag does, or when one that it stands on does."""
        for edge in OPPOSITE:
            for other in later:
                self.add((edge, tag.name), (OPPOSITE[edge], other.name))
        for below, as_is in _referred(tag.condition, True) if tag.condition else ():
            for edge in OPPOSITE:
                self.add((edge, below), (edge if as_is else OPPOSITE[edge], tag.name))

    def loops(self) -> Iterator[Problem]:
        """A tag comes again only when it went in between, so an endless run makes both of its edges again."""
        told: set[frozenset[Edge]] = set()
        for reaction in self.rulebook.reactions:
            edge = (reaction.edge, reaction.tag)
            back = self.way(edge, edge)
            opposite = (OPPOSITE[reaction.edge], reaction.tag)
            if not back or not self.way(edge, opposite) or frozenset(back) in told:
                continue
            told.add(frozenset(back))
            way = " → ".join(f"{which} {tag}" for which, tag in [edge, *back])
            message = f"This reaction may set itself going again without end: {way}. Break the ring with a `when`."
            yield Problem("endless-reaction", message, reaction.place, severity="warning")

    def way(self, start: Edge, goal: Edge) -> list[Edge]:
        """The shortest way of one step or more; empty where there is none."""
        ways: dict[Edge, list[Edge]] = {start: []}
        queue = [start]
        for edge in queue:
            for step in self.steps.get(edge, ()):
                if step == goal:
                    return [*ways[edge], goal]
                if step not in ways:
                    ways[step] = [*ways[edge], step]
                    queue.append(step)
        return []


def _referred(condition: tree.Condition, as_is: bool) -> Iterator[tuple[str, bool]]:
    """The tags a condition stands on, and whether it becomes true or false as they do."""
    match condition:
        case tree.Tagged(tag=tag):
            yield tag, as_is
        case tree.Not(part=part):
            yield from _referred(part, not as_is)
        case tree.All(of=parts) | tree.Any(of=parts):
            for part in parts:
                yield from _referred(part, as_is)


def _journeys(rulebook: Rulebook) -> Iterator[Problem]:
    """Journeys that start themselves, through others too, and may be entered again."""
    for journey in rulebook.journeys.values():
        ring = _ring(rulebook, journey)
        if ring and journey.re_enter != "never":
            way = " → ".join([journey.name, *ring])
            told = f"This journey starts itself again: {way}. Give it `re_enter: never`, or take the start out."
            yield Problem("endless-journey", told, rulebook.place("journeys", journey.name), severity="warning")


def _ring(rulebook: Rulebook, journey: Journey) -> list[str]:
    ways: dict[str, list[str]] = {journey.name: []}
    queue = [journey.name]
    for name in queue:
        for deed in rulebook.journeys[name].deeds:
            if deed.verb == "start" and deed.name == journey.name:
                return [*ways[name], deed.name]
            if deed.verb == "start" and deed.name not in ways:
                ways[deed.name] = [*ways[name], deed.name]
                queue.append(deed.name)
    return []


def _undone(rulebook: Rulebook) -> Iterator[Problem]:
    """A tag that one edge both sets and clears."""
    done: dict[tuple[Edge, str], set[str]] = {}
    for reaction in rulebook.reactions:
        for deed in reaction.deeds:
            if deed.verb in ("set", "clear"):
                verbs = done.setdefault(((reaction.edge, reaction.tag), deed.name), set())
                if verbs and deed.verb not in verbs:
                    told = f"The same edge sets and clears {deed.name}; the one that is done last wins. Keep one."
                    yield Problem("set-and-clear", told, deed.place, severity="warning")
                verbs.add(deed.verb)


def _held_by_hand(rulebook: Rulebook) -> Iterator[Problem]:
    """Deeds on computed tags: the hand holds them, whatever their condition says."""
    for deed in (deed for doer in rulebook.doers for deed in doer.deeds):
        if deed.verb in ("set", "clear") and not rulebook.tags[deed.name].by_hand:
            told = f"{deed.name} is computed; a hand holds it for 30 days whatever its condition says."
            yield Problem(
                "set-computed", f"{told} Make it by_hand, or say it in its condition.", deed.place, "", "warning"
            )
