"""The page on which a draft is tried on a contact or on a sentence, and both whys of a contact."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst

from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for, contacts_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.matching import matching
from seamark.apps.tagging.editions import Edition, live_version, read
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.pages.drafts import draft_of, frame
from seamark.apps.tagging.pages.versions import edition_title
from seamark.apps.tagging.trying import Sentence, evaluator_of, held_by_history, history_by, reason_by, sentence_by
from seamark.apps.tagging.words import Chip, chip, spoken, titled
from seamark.engine import tree
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence.naming import Naming

FOUND = 8
"""Contacts offered for a search."""


class Held(NamedTuple):
    """A tag held by the draft, by the live rulebook, or by both."""

    chip: Chip
    by_draft: bool
    by_live: bool


class Found(NamedTuple):
    """A contact."""

    id: int
    name: str


def _both(draft: Draft) -> tuple[Rulebook, Rulebook]:
    """The rulebooks of the draft and of what is live. Raises 404 where either cannot be read."""
    live = live_version()
    ours, theirs = read(draft).rulebook, read(live).rulebook if live else None
    if ours is None or theirs is None:
        raise Http404
    return ours, theirs


@needs(Action.RULEBOOKS)
def attempt(request: HttpRequest, id: int) -> HttpResponse:
    """A contact's tags by the draft against the live rulebook, or what is found in a sentence."""
    draft = draft_of(id)
    if read(draft).rulebook is None:
        return redirect("tagging:draft-text", id)
    member, sought = member_of(request), request.GET.get("who", "").strip()
    asked = request.GET.get("contact", "")
    shown = frame(draft, "try") | {"who": sought, "text": request.GET.get("text", "")}
    if asked.isascii() and asked.isdecimal():
        shown |= _tried(member, draft, int(asked))
    elif sought:
        shown["found"] = _found(member, sought)
    if shown["text"].strip():
        shown["sentence"] = _sentence(draft, shown["text"])
    return render(request, "tagging/draft_try.html", shown)


def _found(member: Member, sought: str) -> list[Found]:
    masks = masks_of(member)
    listed = contacts_for(member).filter(matching(sought)).order_by("-pk")[:FOUND]
    return [Found(contact.pk, masks.name(contact)) for contact in listed]


def _tried(member: Member, draft: Draft, id: int) -> dict[str, Any]:
    contact = contact_for(member, id)
    ours, theirs = _both(draft)
    now = timezone.now()
    by_draft, by_live = (
        set(held_by_history(evaluator_of(book), history_by(book, contact), now)) for book in (ours, theirs)
    )
    groups = []
    for group in dict.fromkeys(name.partition("/")[0] for name in (*ours.tags, *theirs.tags)):
        book = ours if any(each.name == group for each in ours.groups) else theirs
        title = next(titled(each.title) for each in book.groups if each.name == group)
        names = [name for name in dict.fromkeys([*ours.tags, *theirs.tags]) if name.startswith(f"{group}/")]
        held = [
            Held(chip_among(name, ours, theirs), name in by_draft, name in by_live)
            for name in names
            if name in by_draft | by_live
        ]
        if held:
            groups.append((title, held))
    return {"contact": contact, "name": masks_of(member).name(contact), "groups": groups}


def chip_among(tag: str, *books: Rulebook) -> Chip:
    """The chip of a tag, by the first of the rulebooks that has it."""
    return next(chip(book, book.tags[tag]) for book in books if tag in book.tags)


def _sentence(draft: Draft, text: str) -> dict[str, Any]:
    rulebook = read(draft).rulebook
    assert rulebook
    found: Sentence = sentence_by(rulebook, text[:2000], timezone.now())
    naming = Naming(rulebook, spoken())
    terms = naming.names().terms
    return {
        "words": [(terms.get(term, term), word) for term, word in found.words],
        "found": [(capfirst(naming.said(tree.Prop(name))), ", ".join(values)) for name, values in found.found.items()],
        "tags": [chip(rulebook, rulebook.tags[tag]) for tag in found.tags if not rulebook.tags[tag].otherwise],
    }


@needs(Action.RULEBOOKS)
def both_whys(request: HttpRequest, id: int, contact: int, tag: str) -> HttpResponse:
    """Why a contact holds a tag or does not: by the draft, and by the live rulebook."""
    draft, live, now = draft_of(id), live_version(), timezone.now()
    found, masks = contact_for(member_of(request), contact), masks_of(member_of(request))
    assert live
    books: list[tuple[str, Edition]] = [(edition_title(draft), draft), (edition_title(live), live)]
    reasons = [
        (title, reason_by(book, found, tag, now, title, masks) if (book := read(edition).rulebook) else None)
        for title, edition in books
    ]
    if all(reason is None for _title, reason in reasons):
        raise Http404
    return render(request, "tagging/parts/both_whys.html", {"reasons": reasons})
