"""What two rulebooks say differently, part by part, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from seamark.apps.tagging.words import spoken
from seamark.engine.rulebook import Clause, Journey, Param, Reaction, Rulebook, Tag, TagGroup
from seamark.engine.sentence.names import figures
from seamark.engine.sentence.naming import Naming
from seamark.engine.units import duration_text, number_text

Kind = Literal["tag", "group", "rule", "param", "term", "reaction", "journey", "text"]
KINDS: dict[Kind, Promise] = {
    "tag": gettext_lazy("Tags"),
    "group": gettext_lazy("Tag groups"),
    "rule": gettext_lazy("Rules"),
    "param": gettext_lazy("Figures"),
    "term": gettext_lazy("Terms"),
    "reaction": gettext_lazy("Reactions"),
    "journey": gettext_lazy("Journeys"),
    "text": gettext_lazy("Texts"),
}
ASPECTS: dict[str, Promise] = {
    "title": pgettext_lazy("rulebook", "title"),
    "color": pgettext_lazy("rulebook", "colour"),
    "when": pgettext_lazy("rulebook", "when"),
    "share": pgettext_lazy("rulebook", "reference share"),
    "listed": pgettext_lazy("rulebook", "listed"),
    "kind": pgettext_lazy("rulebook", "kind"),
    "review": pgettext_lazy("rulebook", "review"),
    "order": pgettext_lazy("rulebook", "order"),
    "value": pgettext_lazy("rulebook", "figure"),
    "does": pgettext_lazy("rulebook", "does"),
    "steps": pgettext_lazy("rulebook", "steps"),
    "stop": pgettext_lazy("rulebook", "stops when"),
    "goal": pgettext_lazy("rulebook", "goal"),
    "re_enter": pgettext_lazy("rulebook", "begins again"),
    "en": pgettext_lazy("language", "English"),
    "zh": pgettext_lazy("language", "Chinese"),
    "unless": pgettext_lazy("rulebook", "unless"),
}


class Change(NamedTuple):
    """One aspect that differs; empty where a side has none."""

    aspect: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """A part of a rulebook that differs."""

    kind: Kind
    name: str
    title: str
    state: Literal["added", "removed", "changed"]
    changes: tuple[Change, ...]
    color: str = ""
    """Of a tag."""


class _Part(NamedTuple):
    """A part, and what is to be said of it by aspect; a list is compared word by word."""

    title: str
    aspects: Mapping[str, str | Sequence[str]]
    color: str = ""


def differences(old: Rulebook, new: Rulebook) -> list[Difference]:
    """Every part that differs, by kind and in the order of the newer rulebook."""
    before, after = _Told(old), _Told(new)
    return [each for kind in KINDS for each in _between(kind, before.parts(kind), after.parts(kind))]


def _between(kind: Kind, before: Mapping[str, _Part], after: Mapping[str, _Part]) -> Iterator[Difference]:
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        part = new or old
        assert part is not None
        state: Literal["added", "removed", "changed"] = "changed" if old and new else "added" if new else "removed"
        changes = tuple(_changes(old.aspects if old else {}, new.aspects if new else {}))
        if changes:
            yield Difference(kind, name, part.title, state, changes, part.color)


def _changes(before: Mapping[str, str | Sequence[str]], after: Mapping[str, str | Sequence[str]]) -> Iterator[Change]:
    for aspect in dict.fromkeys([*after, *before]):
        old, new = before.get(aspect, ""), after.get(aspect, "")
        if old == new:
            continue
        if isinstance(old, str) and isinstance(new, str):
            yield Change(aspect, old, new)
        else:
            yield Change(aspect, _only(old, new), _only(new, old))


def _only(these: str | Sequence[str], those: str | Sequence[str]) -> str:
    """The words of a list that the other does not have."""
    return ", ".join(word for word in these if word not in those)


class _Told:
    """The parts of a rulebook in words."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.naming = Naming(rulebook, spoken())

    def parts(self, kind: Kind) -> dict[str, _Part]:
        tellers: dict[Kind, Callable[[], dict[str, _Part]]] = {
            "tag": lambda: {name: self.tag(tag) for name, tag in self.rulebook.tags.items()},
            "group": lambda: {group.name: self.group(group) for group in self.rulebook.groups},
            "rule": self.rules,
            "param": self.params,
            "term": self.terms,
            "reaction": self.reactions,
            "journey": lambda: {name: self.journey(each) for name, each in self.rulebook.journeys.items()},
            "text": lambda: {name: _Part(name, dict(words)) for name, words in self.rulebook.texts.items()},
        }
        return tellers[kind]()

    def tag(self, tag: Tag) -> _Part:
        share = "–".join(f"{end:.0%}" for end in tag.share) if tag.share else ""
        said = {
            "title": self.naming.title(tag.name),
            "when": definition(self.naming, tag),
            "color": tag.color,
            "share": share,
            "listed": _("no") if tag.unlisted else "",
        }
        return _Part(self.naming.full_title(tag.name), _filled(said), tag.color)

    def group(self, group: TagGroup) -> _Part:
        said = {
            "title": self.naming.titled(group.title),
            "kind": kind_words(group.kind),
            "review": duration_text(group.review_every) if group.review_every else "",
            "order": " → ".join(self.naming.title(tag.name) for tag in group.tags) if group.kind == "level" else "",
        }
        return _Part(self.naming.titled(group.title), _filled(said))

    def rules(self) -> dict[str, _Part]:
        return {
            name: _Part(self.naming.titled(rule.title) if rule.title else name, {"when": self.said(rule.clause)})
            for name, rule in self.rulebook.rules.items()
        }

    def params(self) -> dict[str, _Part]:
        return {name: _Part(name, {"value": figure_words(param)}) for name, param in self.rulebook.params.items()}

    def terms(self) -> dict[str, _Part]:
        found = {}
        for name, term in self.rulebook.terms.items():
            title = self.naming.titled(term["title"]) if "title" in term else name
            guards = [phrase for phrases in term.get("unless", {}).values() for phrase in phrases]
            words = {language: phrases for language, phrases in term.items() if language not in ("title", "unless")}
            found[name] = _Part(title, words | ({"unless": guards} if guards else {}))
        return found

    def reactions(self) -> dict[str, _Part]:
        found: dict[str, _Part] = {}
        for reaction in self.rulebook.reactions:
            name = f"{reaction.edge} {reaction.tag}"
            while name in found:
                name += "+"
            said = {"when": self.said(reaction.when), "does": ", ".join(map(self.deed, reaction.do))}
            found[name] = _Part(self.edge(reaction), _filled(said))
        return found

    def edge(self, reaction: Reaction) -> str:
        title = self.naming.full_title(reaction.tag)
        words = _("%(tag)s entered") if reaction.edge == "enter" else _("%(tag)s left")
        return words % {"tag": title}

    def journey(self, journey: Journey) -> _Part:
        said = {
            "title": self.naming.titled(journey.title),
            "steps": " → ".join(map(self.step, journey.steps)),
            "stop": self.said(journey.stop),
            "goal": self.said(journey.goal),
            "re_enter": journey.re_enter,
        }
        return _Part(self.naming.titled(journey.title), _filled(said))

    def step(self, step: Mapping[str, Any]) -> str:
        after = f"{step['after']}: " if "after" in step else ""
        if "wait" in step:
            return f"{after}{_('wait until')} {step['wait']['until']} ({step['wait']['at_most']})"
        if "branch" in step:
            ways = [f"{way['when']}: {' → '.join(map(self.step, way['steps']))}" for way in step["branch"]]
            return f"{after}[{' | '.join(ways)}]"
        return after + self.deed(step)

    def deed(self, deed: Mapping[str, Any]) -> str:
        """What is done, with its name or title."""
        verb = next(key for key in deed if key != "after")
        about = deed[verb]
        if isinstance(about, str):
            return f"{DEEDS[verb]} {about}"
        title = self.naming.titled(about["title"]) if "title" in about else about.get("text", "")
        figures = [str(about[key]) for key in ("priority", "due", "to") if key in about]
        return f"{DEEDS[verb]} {title}" + (f" ({', '.join(figures)})" if figures else "")

    def said(self, clause: Clause | None) -> str:
        return self.naming.said(clause.condition) if clause else ""


DEEDS: dict[str, Promise] = {
    "start": pgettext_lazy("rulebook", "starts"),
    "stop": pgettext_lazy("rulebook", "stops"),
    "send": pgettext_lazy("rulebook", "sends"),
    "follow_up": pgettext_lazy("rulebook", "follow-up:"),
    "alert": pgettext_lazy("rulebook", "alert:"),
    "set": pgettext_lazy("rulebook", "sets"),
    "clear": pgettext_lazy("rulebook", "clears"),
}


def _filled(said: Mapping[str, str]) -> dict[str, str]:
    return {aspect: words for aspect, words in said.items() if words}


def definition(naming: Naming, tag: Tag) -> str:
    """When the tag is held, as a sentence."""
    if tag.clause:
        return capfirst(naming.said(tag.clause.condition))
    return _("Set by hand") if tag.by_hand else _("When no other level is true")


def kind_words(kind: str) -> str:
    """What kind of group it is."""
    return _("levels: the first that is true") if kind == "level" else _("set: all that are true")


def figure_words(param: Param) -> str:
    """A figure as people read it, and how it is fitted."""
    if isinstance(param.value, str):
        return param.value
    told = duration_text(param.value) if param.type == "duration" else figures(param.value)
    if param.quantile is None:
        return told
    return _("%(figure)s (fitted at %(quantile)s)") % {"figure": told, "quantile": number_text(param.quantile)}
