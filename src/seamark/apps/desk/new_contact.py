"""A contact made by hand, unless somebody is known by the same number already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.access import Reach, posts_of, reach
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.contacts.access import contacts_for
from seamark.apps.contacts.field_marks import FieldMarks
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.timeline.editing import Change, make_contact

SHOWN = 10
"""So many of those who are known by the same number are named."""


class NewContact(forms.Form):
    """Somebody of whom no channel has told yet."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone number"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", "–"), ("zh", _("Chinese")), ("en", _("English"))], required=False
    )

    def __init__(self, *args: Any, phone_field: Field | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if phone_field is None:
            del self.fields["phone"]


@needs(Action.EDIT)
def new_contact(request: HttpRequest) -> HttpResponse:
    """The form; POST makes the contact, or names those who have the same number and asks once more."""
    member, phone_field = member_of(request), Field.objects.filter(mask=Field.Mask.PHONE).first()
    form = NewContact(request.POST or None, phone_field=phone_field)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        alike = known_by(form.cleaned_data.get("phone", ""), phone_field)
        if not alike.exists() or "all-the-same" in request.POST:
            return redirect("desk:contact", _made(form.cleaned_data, phone_field, member).pk)
        seen = contacts_for(member).filter(pk__in=alike.values("pk"))
        shown |= {
            "asked": True,
            "alike": list(seen[:SHOWN]),
            "hidden": alike.exclude(pk__in=seen.values("pk")).exists(),
        }
    status = 422 if form.errors or shown.get("asked") else 200
    return render(request, "desk/new_contact.html", shown, status=status)


def known_by(phone: str, field: Field | None) -> QuerySet[Contact]:
    """Contacts of exactly that number, in the field or by a channel, however far apart its digits stand."""
    written = phone.strip()
    digits = "".join(filter(str.isdecimal, written))
    if not digits:
        return Contact.objects.none()
    spelled = {written, digits, f"+{digits}"}
    same = Q(identities__external_id__in=spelled)
    for each in spelled if field else ():
        same |= FieldMarks(field.name, Reach(everyone=True)).holding(each)  # type: ignore[union-attr]
    return Contact.objects.filter(pk__in=Contact.objects.filter(same).values("pk"))


def _made(given: dict[str, str], phone_field: Field | None, member: Member) -> Contact:
    """The member's own where the role is about own contacts; else in the public sea of the member's team."""
    owner = member if reach(member, Action.EDIT).own else None
    team = next(post.team_id for post in posts_of(member) if ROLES[post.role].may.get(Action.EDIT))
    changes = [Change("name", given["name"]), Change("language", given["language"])]
    if phone_field and given.get("phone"):
        changes.append(Change(phone_field.name, given["phone"].strip()))
    return make_contact(team_id=team, owner=owner, changes=changes, by=member)
