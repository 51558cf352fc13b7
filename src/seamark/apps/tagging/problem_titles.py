"""What kind of problem a rulebook has, in the reader's language; what exactly is wrong, the engine says in English."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seamark.engine.errors import Problem

TITLES: dict[str, Promise] = {
    "alias": _("Anchors and aliases are not read"),
    "always-true": _("Always true"),
    "calendar": _("Not a date"),
    "circle": _("Refers to itself"),
    "date": _("Not a date"),
    "dead-level": _("A level that nobody can reach"),
    "defined-twice": _("Defined twice"),
    "dimension-size": _("Too few or too many tags to keep in mind"),
    "documents": _("More than one document"),
    "duplicate-key": _("Written twice"),
    "empty-keyword": _("A keyword that finds nothing"),
    "empty-term": _("A term without keywords"),
    "empty-window": _("A time span that holds nothing"),
    "encoding": _("Not a text in UTF-8"),
    "endless-journey": _("A journey without end"),
    "endless-reaction": _("A reaction without end"),
    "equal-tags": _("Two tags mean the same"),
    "field-in-brackets": _("A field of the contact among details of an event"),
    "idle-part": _("A part that changes nothing"),
    "include": _("Cannot be included"),
    "include-circle": _("Rulebooks include one another"),
    "key": _("Not a name"),
    "long-window": _("Looks further back than events are kept"),
    "missing-key": _("Something is missing"),
    "name": _("Not a name"),
    "near-tags": _("Two tags mean nearly the same"),
    "nesting": _("Nested too deep"),
    "never-true": _("Never true"),
    "no-otherwise": _("Without an “otherwise”"),
    "one-key": _("More than one thing at once"),
    "otherwise": _("“otherwise” is out of place"),
    "overlapping-tags": _("Two tags held by nearly the same contacts"),
    "param": _("A figure that cannot be read"),
    "reserved": _("A reserved name"),
    "set-and-clear": _("Set and cleared at once"),
    "shape": _("Not the shape of a rulebook"),
    "share": _("Not a range of shares"),
    "share-sum": _("Shares that cannot add up"),
    "swallowed-keyword": _("A keyword that adds nothing"),
    "syntax": _("Cannot be read as a condition"),
    "too-deep": _("Nested too deep"),
    "too-large": _("Too large"),
    "type": _("Two things that cannot be compared"),
    "unknown-choice": _("Unknown choice"),
    "unknown-field": _("Unknown field"),
    "unknown-journey": _("Unknown journey"),
    "unknown-key": _("Unknown key"),
    "unknown-kind": _("Unknown kind of event"),
    "unknown-param": _("Unknown figure"),
    "unknown-placeholder": _("Unknown placeholder"),
    "unknown-prop": _("Unknown detail of an event"),
    "unknown-rule": _("Unknown rule"),
    "unknown-tag": _("Unknown tag"),
    "unknown-term": _("Unknown term"),
    "unknown-text": _("Unknown text"),
    "unused": _("Used by nobody"),
    "value": _("A value that cannot be read"),
    "yaml": _("Not YAML"),
    "yaml-tag": _("YAML tags are not read"),
}


def title_of(problem: Problem) -> str:
    """The kind of a problem; empty for one that has no title."""
    known = TITLES.get("unused" if problem.code.startswith("unused-") else problem.code, "")
    return str(known)
