"""Forms about members and teams."""

from __future__ import annotations

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.meanwhile import RowForm
from seamark.apps.accounts.models import Member, Team
from seamark.apps.accounts.roles import ROLES


class NewMember(forms.Form):
    """Somebody who is to work here."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("With this address the member signs in."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(role.name, role.title) for role in ROLES.values()])
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.order_by("name"), empty_label=None)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. The member can change it after signing in."),
    )


class NewPassword(forms.Form):
    """For a member who forgot theirs."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. The member can change it after signing in."),
    )


class NewPost(forms.Form):
    """A further role."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.name, role.title) for role in ROLES.values()])
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.order_by("name"), empty_label=None)


class TeamForm(RowForm):
    """A team and where it stands in the tree."""

    class Meta:
        model = Team
        fields = ("name", "kind", "above")
        labels = {"name": _("Name"), "kind": _("Kind"), "above": _("Below")}  # noqa: RUF012

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        above = self.fields["above"]
        assert isinstance(above, forms.ModelChoiceField)
        above.queryset = Team.objects.order_by("name")
        above.required = Team.objects.exists()
        above.empty_label = None if above.required else _("At the top")


class Preferences(forms.ModelForm):  # type: ignore[type-arg]
    """How the desk speaks to a member."""

    class Meta:
        model = Member
        fields = ("name", "language", "zone")
        labels = {"name": _("Name"), "language": _("Language"), "zone": _("Time zone")}  # noqa: RUF012

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser asks")), *settings.LANGUAGES], required=False
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[("", _("The organisation's")), *((name, name) for name in sorted(zoneinfo.available_timezones()))],
        required=False,
        widget=forms.Select(attrs={"data-pick": ""}),
    )
