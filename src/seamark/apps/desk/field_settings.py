"""The settings of fields: what the catalogue has, in which order, and what the rulebook reads beyond it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.record import What
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts import catalogue
from seamark.apps.contacts.forms import FieldForm
from seamark.apps.contacts.models import Field
from seamark.apps.tagging.declared import missing_fields
from seamark.apps.tagging.words import field_title


@needs(Action.SETTINGS)
def fields(request: HttpRequest, id: int | None = None) -> HttpResponse:
    """All fields, and a form for one of them or for a new one."""
    chosen = get_object_or_404(Field, pk=id) if id is not None else None
    form = FieldForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.is_accepted(What.FIELD_SAVED):
                catalogue.save_field(form.save(commit=False), by=member_of(request))
                messages.success(request, _("Saved."))
                return redirect("desk:fields")
    shown = {
        "fields": [(field_title(each), each) for each in Field.objects.all()],
        "form": form,
        "chosen": field_title(chosen) if chosen else "",
        "name": chosen.name if chosen else "",
        "missing": [(field_title(each), each) for each in missing_fields()],
    }
    return render(request, "desk/field_settings.html", shown, status=422 if form.errors else 200)


@require_POST
@needs(Action.SETTINGS)
def move(request: HttpRequest, id: int, where: str) -> HttpResponse:
    """Up or down."""
    catalogue.move_field(get_object_or_404(Field, pk=id), "up" if where == "up" else "down")
    return redirect("desk:fields")


@require_POST
@needs(Action.SETTINGS)
def add_missing(request: HttpRequest) -> HttpResponse:
    """Take over all fields that the live rulebook declares."""
    added = catalogue.add_fields(missing_fields(), by=member_of(request))
    told = ngettext("%(number)s field was added.", "%(number)s fields were added.", added) % {"number": added}
    messages.success(request, told)
    return redirect("desk:fields")
