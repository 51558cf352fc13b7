"""A tag that is to be made: held against those there are (A20), and written into a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import Reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.tagging.census import spread
from seamark.apps.tagging.drafts import save_draft, start_draft
from seamark.apps.tagging.editing import with_entry, with_group
from seamark.apps.tagging.editions import live_version, read
from seamark.apps.tagging.history import histories
from seamark.apps.tagging.models import Draft, Standing, Version
from seamark.apps.tagging.rulebooks import FILE, ORGANISATION_ZONE
from seamark.apps.tagging.trying import evaluator_of, held_by_history
from seamark.engine.errors import RuleError
from seamark.engine.lint import alike_tags
from seamark.engine.lint.overlap import Held, Overlap, overlaps
from seamark.engine.rulebook import Rulebook, TagGroup
from seamark.histories.annotation import reader_for
from seamark.text.normalise import normalise

MOST_MEASURED = 1_000
"""Contacts on whom the overlap of a new tag is measured."""
CLOSE = 0.8
"""Titles that have so much in common are told of."""


@dataclass(frozen=True)
class NewTag:
    """What a member wants to add."""

    group: str
    """An existing group, or the name of a new one."""
    name: str
    titles: dict[str, str]
    """By language."""
    color: str
    when: str = ""
    """Its condition; empty: it is set by hand."""
    group_titles: dict[str, str] | None = None
    """Of a new group."""

    @property
    def full_name(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def entry(self) -> dict[str, object]:
        """As it stands in a rulebook."""
        held: dict[str, object] = {"when": self.when} if self.when else {"by_hand": True}
        return {"title": self.titles, "color": self.color, **held}


class Finding(NamedTuple):
    """A tag that is there already and says the same, or nearly so."""

    kind: Literal["repeats", "near"]
    """A tag that repeats another is not made; of one that comes near, its maker is told."""
    other: str
    words: str


def open_groups(rulebook: Rulebook) -> list[TagGroup]:
    """The set groups of the rulebook's own text, to which tags can be added."""
    return [
        group for group in rulebook.groups if group.kind == "set" and rulebook.place("groups", group.name).file == FILE
    ]


def written(text: str, new: NewTag) -> str:
    """The text with the tag. Refused where its group cannot be added to."""
    try:
        if new.group_titles:
            about = {"title": new.group_titles, "kind": "set"}
            return with_group(text, new.group, about, new.name, new.entry)
        return with_entry(text, ("groups", new.group, "tags"), new.name, new.entry)
    except LookupError:
        raise ActionRefused("group", _("There is no such tag group.")) from None


def findings(rulebook: Rulebook, new: NewTag, reached: Reach) -> list[Finding]:
    """Tags that the new one repeats or comes near to, by title, by definition, and as measured on contacts.

    `rulebook` has the new tag. Contacts beyond `reached` are not looked at.
    """
    found = [*_by_title(rulebook, new)]
    if new.when:
        found += [*_by_definition(rulebook, new), *_measured(rulebook, new, reached)]
    told: dict[str, Finding] = {}
    for each in sorted(found, key=lambda each: each.kind == "near"):
        told.setdefault(each.other or each.words, each)
    return list(told.values())


def _by_title(rulebook: Rulebook, new: NewTag) -> Iterator[Finding]:
    for name, tag in rulebook.tags.items():
        if name == new.full_name or tag.unlisted:
            continue
        pairs = [(normalise(new.titles[each]), normalise(tag.title[each])) for each in new.titles if each in tag.title]
        if any(one == other for one, other in pairs):
            yield Finding("repeats", name, _("is called the same already"))
        elif any(min(len(one), len(other)) > 2 and _likeness(one, other) >= CLOSE for one, other in pairs):
            yield Finding("near", name, _("is called nearly the same"))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _by_definition(rulebook: Rulebook, new: NewTag) -> Iterator[Finding]:
    for problem in alike_tags(rulebook):
        others = [name for name in rulebook.tags if name != new.full_name and name in problem.message]
        if new.full_name in problem.message and others:
            other = max(others, key=len)
            if problem.code == "equal-tags":
                yield Finding("repeats", other, _("means the same: whoever holds one holds the other"))
            else:
                yield Finding("near", other, _("has nearly the same definition"))


def _measured(rulebook: Rulebook, new: NewTag, reached: Reach) -> Iterator[Finding]:
    held = _held(rulebook, reached)
    for each in overlaps(rulebook, held):
        if new.full_name in (each.first, each.second):
            other = each.second if each.first == new.full_name else each.first
            yield Finding("near", other, _figures(each, held.contacts, new))


def _figures(found: Overlap, measured: int, new: NewTag) -> str:
    told = {
        "both": f"{found.both:,}",
        "of": f"{found.of:,}",
        "share": f"{found.share:.0%}",
        "measured": f"{measured:,}",
    }
    if found.kind == "same":
        return _("is held by %(both)s of the %(of)s who would hold either (%(share)s of %(measured)s measured)") % told
    if found.first == new.full_name:
        words = _("is held by %(both)s of the %(of)s who would hold the new one (%(share)s; %(measured)s measured)")
    else:
        words = _("%(both)s of the %(of)s who hold it would hold the new one (%(share)s; %(measured)s measured)")
    return words % told


def _held(rulebook: Rulebook, reached: Reach) -> Held:
    """Who would hold what, of some contacts spread over all that are reached."""
    number = Standing.objects.filter(reached.condition()).count() if reached else 0
    chosen = list(spread(reached, number, MOST_MEASURED).values_list("pk", flat=True))
    online, now = evaluator_of(rulebook), timezone.now()
    known = histories(chosen, online.plan.reads, ORGANISATION_ZONE, reader_for(rulebook))
    rows = [(str(id), tag) for id, history in known for tag in held_by_history(online, history, now)]
    return Held.of(rows, len(chosen))


@transaction.atomic
def add_tag(*, new: NewTag, draft: Draft | None, by: Member, reached: Reach, anyway: bool = False) -> Draft:
    """Write the tag into a draft (a new one of what is live, where none is given).

    Raises `Alike` for one that repeats another, and for one that comes near to another unless it is wanted `anyway`.
    """
    base = draft or live_version()
    if base is None:
        raise ActionRefused("no-rulebook", _("No rulebook is live yet."))
    text = written(base.text, new)
    rulebook = _checked(base, text, new)
    found = findings(rulebook, new, reached)
    if any(each.kind == "repeats" for each in found) or (found and not anyway):
        raise Alike(found)
    if draft:
        return save_draft(draft=draft, text=text, revision=draft.revision, by=by)
    assert isinstance(base, Version)
    name = _("New tag: %(title)s") % {"title": new.titles.get(by.language[:2], new.name)}
    return start_draft(base=base, name=name, by=by, text=text)


class Alike(Exception):
    """There are tags that say the same, or nearly so."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings


def _checked(base: Version | Draft, text: str, new: NewTag) -> Rulebook:
    before = read(base).rulebook
    if before is None:
        raise ActionRefused("errors", _("The draft has errors: mend them first."))
    if new.full_name in before.tags:
        raise ActionRefused("name", _("There is a tag of that name already."))
    found = read(base, text)
    if found.rulebook is None:
        raise RuleError(found.problems)
    return found.rulebook
