"""Forms of keys and webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from seamark.apps.accounts.access import may
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.api.models import Key
from seamark.apps.api.webhooks import refuse_inner_address
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import tag_choices


class ForMember(forms.Form):
    """Something that acts for a member: for whoever makes it, or for anybody where they manage members."""

    member = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Acts for"),
        help_text=gettext_lazy("It reaches no further than this member does."),
        empty_label=None,
    )

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active, member = Member.objects.filter(is_active=True), self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)
        member.queryset = (active if may(by, Action.MEMBERS) else active.filter(pk=by.pk)).order_by("name")
        member.initial = by.pk


class KeyForm(ForMember):
    """A further key."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=100,
        help_text=gettext_lazy("Who uses it, such as: our web shop."),
    )
    source = forms.SlugField(
        label=gettext_lazy("Source"),
        max_length=60,
        help_text=gettext_lazy("A short word under which its events and contacts stand, such as shop; it stays."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May"), choices=Key.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("name", "source", "scopes", "member")


class WebhookForm(ForMember):
    """A further webhook."""

    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, assume_scheme="https")
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("None chosen: all tags."),
        widget=forms.SelectMultiple(attrs={"data-pick": ""}),
    )
    field_order = ("url", "tags", "member")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live, tags = live_rulebook(), self.fields["tags"]
        assert isinstance(tags, forms.MultipleChoiceField)
        tags.choices = tag_choices(live.rulebook) if live else []

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            refuse_inner_address(url)
        except (ValueError, OSError) as wrong:
            raise forms.ValidationError(_("It cannot be called: %(why)s.") % {"why": wrong}) from wrong
        return url
