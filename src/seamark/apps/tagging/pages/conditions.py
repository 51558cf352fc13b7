"""Blocks of a condition, drawn again at every change; and a draft's conditions edited one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.blocks.component import NEW, changed, component
from seamark.apps.tagging.blocks.vocabulary import Vocabulary
from seamark.apps.tagging.drafts import Overtaken, save_draft
from seamark.apps.tagging.editing import path_of, with_value, written_at
from seamark.apps.tagging.editions import Edition, edition_of, key_of, read
from seamark.apps.tagging.figures import with_figures
from seamark.apps.tagging.forms import COLORS
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.overview import tag_line
from seamark.apps.tagging.pages.asking import asked_number
from seamark.apps.tagging.pages.drafts import conflict, draft_of, frame
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import spoken
from seamark.engine.errors import RuleError, Unreadable
from seamark.engine.parse import parse
from seamark.engine.sentence.naming import Naming
from seamark.engine.write import write

LIVE = "live"
Changes = Mapping[str, str | list[str]]
"""By path, what is to stand there."""
DETAILS = {
    "title.en": gettext_lazy("Title in English"),
    "title.zh": gettext_lazy("Title in Chinese"),
    "color": gettext_lazy("Colour"),
}


class Detail(NamedTuple):
    """Something that a tag has beside its condition."""

    name: str
    path: str
    words: str
    value: str


@require_POST
def blocks(request: HttpRequest, book: str, name: str) -> HttpResponse:
    """The component again: `from=text` takes the text, anything else what its blocks say."""
    known = vocabulary_for(request, book)
    sent = request.POST.dict()
    if sent.get("from") == "text":
        shown = component(known, sent.get(name, ""), name=name, book=book)
    else:
        shown = changed(known, sent, name=name, book=book)
    return render(request, "tagging/parts/blocks.html", {"component": shown, "new": NEW})


def vocabulary_for(request: HttpRequest, book: str) -> Vocabulary:
    """The words of the live rulebook for whoever sees contacts or changes rulebooks; of others for the latter alone."""
    member = member_of(request)
    if book == LIVE:
        live = live_rulebook()
        if live is None or not (may(member, Action.VIEW) or may(member, Action.RULEBOOKS)):
            raise Http404
        return Vocabulary(live.rulebook)
    if not may(member, Action.RULEBOOKS):
        raise Http404
    return vocabulary_of(edition_of(book))


def vocabulary_of(edition: Edition) -> Vocabulary:
    """The words of an edition; of what it was begun from while it cannot be read."""
    rulebook = read(edition).rulebook
    if rulebook is None and isinstance(edition, Draft):
        rulebook = read(edition.base).rulebook
    if rulebook is None:
        raise Http404
    return Vocabulary(rulebook)


@needs(Action.RULEBOOKS)
def condition(request: HttpRequest, id: int, path: str) -> HttpResponse:
    """One condition of a draft, as blocks and as text."""
    found = draft_of(id)
    try:
        written = written_at(found.text, path_of(path, found.text))
    except (LookupError, RuleError):
        raise Http404 from None
    text = request.POST.get("when", "").strip() if request.method == "POST" else written
    shown = component(vocabulary_of(found), text, book=key_of(found))
    details = _details(found.text, path)
    if request.method == "POST" and text and shown.block:
        changed = {each.path: asked for each in details if (asked := _asked(request, each))}
        return _saved(request, found, {path: text, **changed}, "tagging:draft")
    about = {"title": _title(found, path), "path": path, "was": written, "component": shown, "new": NEW}
    about |= {"details": details, "colors": COLORS}
    return render(request, "tagging/condition.html", {**frame(found, "says"), **about})


@require_POST
@needs(Action.RULEBOOKS)
def figure(request: HttpRequest, id: int, path: str) -> HttpResponse:
    """One figure of a draft."""
    found, written = draft_of(id), request.POST.get("value", "").strip()
    try:
        path_of(path, found.text)
    except (LookupError, RuleError):
        raise Http404 from None
    if not path.startswith("params.") or not written:
        raise Http404
    return _saved(request, found, {path: written}, "tagging:draft")


@require_POST
@needs(Action.RULEBOOKS)
def figures(request: HttpRequest, id: int, path: str) -> HttpResponse:
    """The figures of a tag's condition set one by one: answers with the tag's line, or leads to where both are seen."""
    found, was = draft_of(id), request.POST.get("was", "")
    try:
        before = parse(was, vocabulary_of(found).rulebook.kinds)
        written = write(with_figures(before, request.POST.getlist("figure")))
    except (Unreadable, RuleError, IndexError) as error:
        return _line(request, found, path, slip=f"{error}.")
    if conflicting := _store(request, found, {path: written}):
        conflicting.headers["HX-Retarget"] = "#main"
        conflicting.headers["HX-Reselect"] = "#main"
        return conflicting
    return _line(request, draft_of(id), path, news=_("Saved in the draft."))


def _line(request: HttpRequest, draft: Draft, path: str, **told: str) -> HttpResponse:
    rulebook = read(draft).rulebook
    steps = path.split(".")
    tag = rulebook.tags.get(f"{steps[1]}/{steps[3]}") if rulebook and len(steps) == 5 else None
    if rulebook is None or tag is None:
        raise Http404
    line = tag_line(Naming(rulebook, spoken()), tag, is_own=True)
    return render(request, "tagging/parts/book_line.html", {"draft": draft, "line": line, **told})


@require_POST
@needs(Action.RULEBOOKS)
def words(request: HttpRequest, id: int, path: str) -> HttpResponse:
    """The keywords of a term in one language, each on a line or with commas between."""
    found, written = draft_of(id), re.split(r"[,，、\n]", request.POST.get("words", ""))
    try:
        path_of(path, found.text)
    except (LookupError, RuleError):
        raise Http404 from None
    kept = list(dict.fromkeys(word.strip() for word in written if word.strip()))
    if not path.startswith("terms.") or not kept:
        raise Http404
    return _saved(request, found, {path: kept}, "tagging:draft")


def _saved(request: HttpRequest, draft: Draft, changes: Changes, then: str) -> HttpResponse:
    try:
        if conflicting := _store(request, draft, changes):
            return conflicting
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("tagging:rulebooks")
    messages.success(request, _("Saved in the draft."))
    return redirect(then, draft.pk)


def _store(request: HttpRequest, draft: Draft, changes: Changes) -> HttpResponse | None:
    """Save values into the draft, or into what somebody made of the draft meanwhile.

    When they changed the first of these values too, nothing is saved, and the answer shows both.
    """
    revision, was, path = asked_number(request, "revision"), request.POST.get("was", ""), next(iter(changes))
    try:
        save_draft(draft=draft, text=_with(draft, changes), revision=revision, by=member_of(request))
    except Overtaken as refused:
        theirs = refused.draft
        try:
            mine = _with(theirs, changes)
            is_theirs = not _same(was, written_at(theirs.text, path_of(path, theirs.text)))
        except (LookupError, RuleError):
            return conflict(request, theirs, _with(draft, changes))
        if is_theirs:
            return conflict(request, theirs, mine)
        save_draft(draft=theirs, text=mine, revision=theirs.revision, by=member_of(request))
    return None


def _same(one: str, other: str) -> bool:
    """Whether two values are written alike, but for blanks."""
    return "".join(one.split()) == "".join(other.split())


def _with(draft: Draft, changes: Changes) -> str:
    text = draft.text
    for path, written in changes.items():
        text = with_value(text, path_of(path, text), written)
    return text


def _details(text: str, path: str) -> list[Detail]:
    """Title and colour of the tag whose condition stands there, as far as they are written."""
    steps = path.split(".")
    if steps[0] != "groups" or len(steps) != 5:
        return []
    found = []
    for name, words in DETAILS.items():
        try:
            here = path_of(".".join([*steps[:-1], name]), text)
        except LookupError:
            continue
        found.append(Detail(name, ".".join(map(str, here)), str(words), written_at(text, here)))
    return found


def _asked(request: HttpRequest, detail: Detail) -> str:
    """What it is to be instead; empty where it stays."""
    asked = request.POST.get(detail.name, "").strip()[:60]
    return "" if asked == request.POST.get(f"was-{detail.name}", asked) else asked


def _title(draft: Draft, path: str) -> str:
    """What the condition is of: a tag, a rule, or its path."""
    rulebook = read(draft).rulebook
    if rulebook is None:
        return path
    steps = path.split(".")
    naming = vocabulary_of(draft).naming
    if steps[0] == "groups" and len(steps) == 5:
        return naming.full_title(f"{steps[1]}/{steps[3]}")
    if steps[0] == "rules" and steps[1] in rulebook.rules:
        title = rulebook.rules[steps[1]].title
        return naming.titled(title) if title else steps[1]
    return path
