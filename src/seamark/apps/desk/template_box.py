"""Choosing a template of the platform's and filling it in: what may be chosen, and how it reads then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.channels.adapter import Template
from seamark.apps.channels.foresight import foreseen, meant
from seamark.apps.channels.gate import Held, Refused
from seamark.apps.channels.models import MessageTemplate, Purpose
from seamark.apps.channels.reasons import Reason
from seamark.apps.channels.template_lists import BLANK, problem_of, words_of
from seamark.apps.contacts.masks import masks_of
from seamark.apps.desk.lines import Line, looked_at
from seamark.apps.desk.plain_blanks import prefilled
from seamark.apps.tagging.words import spoken

LONGEST_BLANK = 300


class BlankToFill(NamedTuple):
    """One blank of the template."""

    part: str
    """Where it stands: "header", "body" or "button"."""
    name: str
    """Its number or name; of a button, what stands on it."""
    value: str


class Piece(NamedTuple):
    """Some of the words of a template as they will read."""

    text: str
    is_blank: bool
    """Whether it is still to be filled in."""


def box_context(member: Member, line: Line, form: QueryDict) -> dict[str, Any]:
    """What may be chosen for the line, and the one that is, filled in as far as it is.

    The form names the `template` and what stands in its blanks; what is plain stands there at first.
    """
    choices = templates_for(line)
    chosen = next((each for each in choices if str(each.pk) == form.get("template")), choices[0] if choices else None)
    shown: dict[str, Any] = {"template_line": line, "template_choices": choices, "chosen_template": chosen}
    if chosen is None:
        return shown
    is_begun = str(chosen.pk) == form.get("of")
    values = _given(chosen, form) if is_begun else prefilled(chosen, line.identity.contact, masks_of(member))
    blanks = dict(zip(chosen.blanks, values, strict=True))
    return shown | {
        "template_blanks": [_to_fill(chosen, place, value) for place, value in blanks.items()],
        "template_header": pieces(chosen.header, "header", blanks),
        "template_body": pieces(chosen.body, "body", blanks),
        "template_warning": _warning(member, line, chosen, values),
    }


def template_box(request: HttpRequest, lines: Sequence[Line], base: str) -> HttpResponse:
    """The box alone, for the line that the request names, or the first. Raises 404 where there is none."""
    form = request.GET
    line = next((each for each in lines if str(each.identity.pk) == form.get("line")), lines[0] if lines else None)
    if line is None:
        raise Http404
    member = member_of(request)
    shown = box_context(member, looked_at([line], member)[0], form)
    return render(request, "desk/parts/template_box.html", shown | {"base": base})


def templates_for(line: Line) -> list[MessageTemplate]:
    """Those that may go: the contact's language first, then the reader's, then others; in each, marketing last."""
    wanted = [line.identity.contact.language[:2], spoken()]

    def rank(template: MessageTemplate) -> tuple[int, str, bool, str]:
        language = template.language[:2].lower()
        place = wanted.index(language) if language in wanted else len(wanted)
        return (place, template.language, template.purpose == Purpose.MARKETING, template.name)

    return sorted(_of(line), key=rank)


def _of(line: Line) -> QuerySet[MessageTemplate]:
    return MessageTemplate.objects.filter(channel=line.channel, status=MessageTemplate.Status.APPROVED, obstacle="")


def _given(template: MessageTemplate, form: QueryDict) -> list[str]:
    """What the form has in its blanks; the platform takes neither line breaks nor runs of spaces there."""
    written = [form.get(f"blank-{number}", "") for number, _ in enumerate(template.blanks)]
    return [" ".join(each.split())[:LONGEST_BLANK] for each in written]


def _to_fill(template: MessageTemplate, place: str, value: str) -> BlankToFill:
    part, _, name = place.partition(".")
    return BlankToFill(part, template.buttons[int(name)] if part == "button" else name, value)


def pieces(text: str, part: str, blanks: Mapping[str, str]) -> list[Piece]:
    """The text of a part, cut where blanks stand, so that those without words can be shown."""
    found: list[Piece] = []
    end = 0
    for blank in BLANK.finditer(text):
        value = blanks.get(f"{part}.{blank[1]}", "").strip()
        found += [Piece(text[end : blank.start()], False), Piece(value or blank[0], not value)]
        end = blank.end()
    return [*found, Piece(text[end:], False)]


def _warning(member: Member, line: Line, template: MessageTemplate, values: Sequence[str]) -> str:
    """Why it would not go now; empty where nothing but blanks is in its way."""
    call = Template(template.name, template.language, [value or "-" for value in values], template.blanks)
    message = meant(channel=line.channel, identity=line.identity, by=member, purpose=template.purpose, template=call)
    match foreseen([message]):
        case [Refused(reason) | Held(_, reason)]:
            return str(reason.label)
    return ""


def filled_in(line: Line, form: QueryDict) -> tuple[MessageTemplate, Template, str]:
    """The template that the form chooses, its call, and its words. Raises `ActionRefused` for what cannot go."""
    chosen = form.get("template", "")
    template = _of(line).filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    if template is None:
        raise ActionRefused("template", _("The template is no longer among those that may go; choose another."))
    values = _given(template, form)
    call = Template(template.name, template.language, values, template.blanks)
    if problem := problem_of(call, template):
        words = _("Fill in every blank of the template.") if problem == Reason.TEMPLATE_BLANKS else problem.label
        raise ActionRefused("template", str(words))
    return template, call, words_of(template, values)
