"""The settings of follow-ups: patience with what is overdue, and how the day is to be spent."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seamark.apps.accounts import organisation
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.meanwhile import SettingsForm
from seamark.apps.accounts.roles import Action
from seamark.apps.followups.pace import Pace
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.tagging.words import titled

MOST_MINUTES = 60 * 24 * 30


class PaceForm(SettingsForm):
    """Everything about the pace of follow-ups."""

    patience_minutes_p1 = forms.IntegerField(min_value=0, max_value=MOST_MINUTES)
    patience_minutes_p2 = forms.IntegerField(min_value=0, max_value=MOST_MINUTES)
    patience_minutes_p3 = forms.IntegerField(min_value=0, max_value=MOST_MINUTES)
    tier_group = forms.ChoiceField(label=gettext_lazy("Levels that order the queue"))
    tier_share = forms.IntegerField(
        label=gettext_lazy("Percent of the day for the first of these levels"), min_value=0, max_value=100
    )
    intent_group = forms.ChoiceField(label=gettext_lazy("Levels of intent"))
    intent_share = forms.IntegerField(
        label=gettext_lazy("Percent of the day for the first level of intent"), min_value=0, max_value=100
    )

    def __init__(self, *args: object, live: Live | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for priority in ("p1", "p2", "p3"):
            self.fields[f"patience_minutes_{priority}"].label = _(
                "Minutes that a %(priority)s may be overdue before the managers are told"
            ) % {"priority": priority.upper()}
        groups = live.rulebook.groups if live else ()
        levels = {group.name: titled(group.title) for group in groups if group.kind == "level"}
        for name in ("tier_group", "intent_group"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            chosen = self.initial.get(name) or ""
            absent = {} if chosen in levels else {chosen: _("One that the live rulebook does not have")}
            field.choices = [*(levels | absent).items()]


@needs(Action.SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    """Read and set them."""
    pace = organisation.setting(Pace)
    form = PaceForm(request.POST or None, initial=asdict(pace), live=live_rulebook())
    if request.method == "POST" and form.is_valid():
        with organisation.alone_with(Pace):
            if form.accepts(asdict(organisation.setting(Pace)), organisation.who_changed(Pace)):
                organisation.change(Pace(**form.given), by=member_of(request))
                messages.success(request, _("Saved."))
                return redirect("desk:pace-settings")
    return render(request, "desk/pace_settings.html", {"form": form}, status=422 if form.errors else 200)
