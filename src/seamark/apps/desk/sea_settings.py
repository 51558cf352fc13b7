"""The settings of the public seas: limits, taking back, and how contacts are allocated."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from seamark.apps.accounts import organisation
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.meanwhile import SettingsForm
from seamark.apps.accounts.models import Member, Team
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.seas import Seas
from seamark.apps.outreach.models import Segment
from seamark.apps.seas import actions
from seamark.apps.seas.allocation import SELLING, Allocation, Way
from seamark.apps.seas.models import Rule
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import titled

SECTIONS = (Seas, Allocation)
NO_LIMIT = gettext_lazy("0 sets no limit.")


class SeasForm(SettingsForm):
    """Everything about the seas that is a figure or a choice."""

    claims_a_day = forms.IntegerField(
        label=gettext_lazy("Contacts a member may claim a day"), min_value=0, max_value=100_000, help_text=NO_LIMIT
    )
    most_owned = forms.IntegerField(
        label=gettext_lazy("Contacts a member may own and still claim more"),
        min_value=0,
        max_value=1_000_000,
        help_text=NO_LIMIT,
    )
    cool_down_days = forms.IntegerField(
        label=gettext_lazy("Days until whoever released or lost a contact may claim it again"),
        min_value=0,
        max_value=3_650,
    )
    taken_back_after_days = forms.IntegerField(
        label=gettext_lazy("Days without a follow-up after which a contact goes back"),
        min_value=0,
        max_value=3_650,
        help_text=gettext_lazy("0: never."),
    )
    warned_days_before = forms.IntegerField(
        label=gettext_lazy("Days before that the owner is warned"), min_value=0, max_value=3_650
    )
    taken_back_tag = forms.ChoiceField(label=gettext_lazy("Who goes back so"), required=False)
    by_itself = forms.ChoiceField(
        label=gettext_lazy("When somebody writes from the public sea"),
        choices=[("", gettext_lazy("they wait to be claimed")), *Way.choices],
        required=False,
    )
    old_first = forms.BooleanField(label=gettext_lazy("Old owners first"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom = self.fields["taken_back_tag"]
        assert isinstance(whom, forms.ChoiceField)
        whom.choices = [
            ("", _("every contact with an owner")),
            (_("Those in the segment"), [(each.tag, each.name) for each in Segment.objects.all()]),
            (_("Those with the tag"), [(name.removeprefix("tag:"), title) for name, title in _tags()]),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        after, before = given.get("taken_back_after_days"), given.get("warned_days_before")
        if after and before is not None and before > after:
            self.add_error("warned_days_before", _("A warning cannot come before the follow-up that it counts from."))
        return given


class RuleForm(forms.Form):
    """A further rule of allocation."""

    of = forms.ChoiceField(label=gettext_lazy("Contacts with this tag, or from this source"))
    to = forms.ChoiceField(label=gettext_lazy("go to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of, to = self.fields["of"], self.fields["to"]
        assert isinstance(of, forms.ChoiceField)
        assert isinstance(to, forms.ChoiceField)
        of.choices = [(_("Tags"), _tags()), (_("Channels"), _sources())]
        members = Member.objects.filter(is_active=True, posts__role__in=SELLING).distinct().order_by("name")
        to.choices = [
            (_("Members"), [(f"member:{each.pk}", each.name) for each in members]),
            (_("Teams, by turns"), [(f"team:{each.pk}", each.name) for each in Team.objects.order_by("name")]),
        ]


def _tags() -> list[tuple[str, str]]:
    live = live_rulebook()
    if live is None:
        return []
    return [
        (f"tag:{tag.name}", f"{titled(group.title)} · {titled(tag.title)}")
        for group in live.rulebook.groups
        for tag in group.tags
        if not tag.unlisted
    ]


def _sources() -> list[tuple[str, str]]:
    return [(f"source:{channel.source_id}", channel.name) for channel in Channel.objects.order_by("name")]


def _now() -> dict[str, Any]:
    return asdict(organisation.setting(Seas)) | asdict(organisation.setting(Allocation))


@needs(Action.SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    """The page; POST sets the figures."""
    form = SeasForm(request.POST or None, initial=_now())
    if request.method == "POST" and form.is_valid():
        with organisation.alone_with(*SECTIONS):
            if form.accepts(_now(), organisation.who_changed(*SECTIONS)):
                for section in SECTIONS:
                    own = {name: form.given[name] for name in section.__dataclass_fields__ if name != "KEY"}
                    organisation.change(section(**own), by=member_of(request))
                messages.success(request, _("Saved."))
                return redirect("desk:sea-settings")
    return _page(request, form, RuleForm())


@require_POST
@needs(Action.SETTINGS)
def add_rule(request: HttpRequest) -> HttpResponse:
    """One more rule, after all others."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, SeasForm(initial=_now()), form, 422)
    kind, _colon, name = form.cleaned_data["of"].partition(":")
    to_kind, _colon, id = form.cleaned_data["to"].partition(":")
    actions.add_rule(**{kind: name, f"{to_kind}_id": int(id)}, by=member_of(request))
    return redirect("desk:sea-settings")


@require_POST
@needs(Action.SETTINGS)
def drop_rule(request: HttpRequest, id: int) -> HttpResponse:
    """A rule less; gone already is gone."""
    actions.drop_rule(id=id, by=member_of(request))
    return redirect("desk:sea-settings")


def _page(request: HttpRequest, form: SeasForm, rule_form: RuleForm, status: int = 200) -> HttpResponse:
    live, sources = live_rulebook(), dict(_sources())
    titles = dict(_tags()) if live else {}
    rules = [
        (
            rule,
            titles.get(f"tag:{rule.tag}", rule.tag) if rule.tag else sources.get(f"source:{rule.source}", rule.source),
        )
        for rule in Rule.objects.select_related("member", "team")
    ]
    shown = {"form": form, "rule_form": rule_form, "rules": rules}
    status = 422 if form.is_bound and not form.is_valid() else status
    return render(request, "desk/sea_settings.html", shown, status=status)
