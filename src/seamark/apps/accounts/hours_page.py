"""Business hours and holidays: the page that sets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from seamark.apps.accounts import organisation
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.hours import Holiday, Hours
from seamark.apps.accounts.meanwhile import SettingsForm
from seamark.apps.accounts.opening import opening
from seamark.apps.accounts.roles import Action

TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


class DayForm(SettingsForm):
    """Hours of one weekday."""

    opens = forms.RegexField(TIME, label=gettext_lazy("Opens"), required=False, max_length=5)
    closes = forms.RegexField(TIME, label=gettext_lazy("Closes"), required=False, max_length=5)

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = title
        for name, label in (("opens", _("%(day)s, opens")), ("closes", _("%(day)s, closes"))):
            self.fields[name].widget.attrs |= {
                "aria-label": label % {"day": title},
                "placeholder": "–",
                "inputmode": "numeric",
                "class": "form-control",
            }
            self.fields[name].error_messages["invalid"] = _("Write times as 09:00.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        opens, closes = given.get("opens"), given.get("closes")
        if not self.errors and bool(opens) != bool(closes):
            raise forms.ValidationError(_("A day has both times or none."))
        if opens and closes and closes <= opens:
            raise forms.ValidationError(_("It has to close after it opens."))
        return given


class HolidayForm(forms.Form):
    """Days on which nobody is there."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    first = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))
        return given


@needs(Action.SETTINGS)
def hours(request: HttpRequest) -> HttpResponse:
    """The page; POST sets the hours of all weekdays."""
    kept = organisation.setting(Hours)
    days = _day_forms(kept, request)
    if request.method == "POST" and all(day.is_valid() for day in days):
        with organisation.alone_with(Hours):
            kept, who = organisation.setting(Hours), organisation.who_changed(Hours)
            accepted = [day.accepts(_day(kept, number), who) for number, day in enumerate(days)]
            if all(accepted):
                opens, closes = ([day.given[name] for day in days] for name in ("opens", "closes"))
                organisation.change(replace(kept, opens=opens, closes=closes), by=member_of(request))
                messages.success(request, _("Saved."))
                return redirect("accounts:hours")
    return _page(request, kept, days=days, holiday=HolidayForm())


@require_POST
@needs(Action.SETTINGS)
def add_holiday(request: HttpRequest) -> HttpResponse:
    """One more holiday."""
    form = HolidayForm(request.POST)
    if not form.is_valid():
        kept = organisation.setting(Hours)
        return _page(request, kept, days=_day_forms(kept), holiday=form)
    new = Holiday(
        first=form.cleaned_data["first"].isoformat(),
        last=form.cleaned_data["last"].isoformat(),
        name=form.cleaned_data["name"],
    )
    _change_holidays(request, lambda holidays: holidays | {new})
    return redirect("accounts:hours")


@require_POST
@needs(Action.SETTINGS)
def drop_holiday(request: HttpRequest) -> HttpResponse:
    """A holiday less; gone already is gone."""
    dropped = Holiday(**{name: request.POST.get(name, "") for name in ("first", "last", "name")})
    _change_holidays(request, lambda holidays: holidays - {dropped})
    return redirect("accounts:hours")


def _change_holidays(request: HttpRequest, changed: Callable[[set[Holiday]], set[Holiday]]) -> None:
    with organisation.alone_with(Hours):
        kept = organisation.setting(Hours)
        holidays = sorted(changed(set(kept.holidays)), key=lambda each: (each.first, each.last, each.name))
        organisation.change(replace(kept, holidays=holidays), by=member_of(request))


def _day_forms(kept: Hours, request: HttpRequest | None = None) -> list[DayForm]:
    given = request.POST if request and request.method == "POST" else None
    return [
        DayForm(
            given,
            prefix=f"day{day}",
            title=str(title),
            initial=_day(kept, day),
        )
        for day, title in WEEKDAYS.items()
    ]


def _day(kept: Hours, day: int) -> dict[str, str]:
    return {"opens": kept.opens[day], "closes": kept.closes[day]}


def _page(request: HttpRequest, kept: Hours, *, days: list[DayForm], holiday: HolidayForm) -> HttpResponse:
    today = timezone.localdate(timezone=ZoneInfo(settings.ORGANISATION_ZONE))
    past = [each for each in kept.holidays if each.last < today.isoformat()]
    shown = {
        "days": days,
        "holiday_form": holiday,
        "holidays": [each for each in kept.holidays if each not in past],
        "past": len(past),
        "zone": settings.ORGANISATION_ZONE,
        "opening": opening(),
    }
    status = 422 if any(form.errors for form in (*days, holiday)) else 200
    return render(request, "accounts/hours.html", shown, status=status)
