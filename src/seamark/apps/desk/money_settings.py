"""The settings of money: the organisation's currency, and what others are worth in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from seamark.apps.accounts import organisation
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.meanwhile import SettingsForm, Values
from seamark.apps.accounts.money import Money, Rate
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.live import judge_anew
from seamark.apps.timeline import lake
from seamark.apps.timeline.money import complete, waiting

OLD_DAYS = 30
"""A rate older than this is told of as old."""


def currency_of(written: str) -> str:
    """Three letters such as TWD. Raises `ValidationError`."""
    code = written.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise forms.ValidationError(_("A currency has three letters, such as CNY."))
    return code


class HomeForm(SettingsForm):
    """The organisation's currency."""

    home = forms.CharField(label=gettext_lazy("The organisation's currency"), max_length=3)

    def clean_home(self) -> str:
        return currency_of(self.cleaned_data["home"])


class RateForm(SettingsForm):
    """What one of a currency is worth."""

    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3)
    worth = forms.DecimalField(
        label=gettext_lazy("One is worth"), min_value=0, max_digits=14, decimal_places=6, localize=False
    )
    as_of = forms.DateField(
        label=gettext_lazy("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def packed(self, values: Values) -> str:
        """By their currency, as the page brings along the rates of all (`_rates_of`)."""
        return super().packed({self.cleaned_data.get("currency", ""): values})

    def unpacked(self, written: str) -> Values:
        return dict(super().unpacked(written).get(self.cleaned_data["currency"], {}))

    def clean_currency(self) -> str:
        return currency_of(self.cleaned_data["currency"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("worth") == 0:
            self.add_error("worth", _("It has to be more than nothing."))
        if (day := given.get("as_of")) and day > timezone.localdate():
            self.add_error("as_of", _("That day is still to come."))
        return given


@needs(Action.SETTINGS)
def money(request: HttpRequest) -> HttpResponse:
    """The page; POST sets the organisation's currency."""
    kept = organisation.setting(Money)
    form = HomeForm(request.POST or None, initial={"home": kept.home})
    if request.method == "POST" and form.is_valid():
        with organisation.alone_with(Money):
            kept, home = organisation.setting(Money), form.given["home"]
            if form.accepts({"home": kept.home}, organisation.who_changed(Money)):
                # What others are worth was told in the old one.
                new = kept if home == kept.home else Money(home=home)
                organisation.change(new, by=member_of(request))
                messages.success(request, _("Saved."))
                return redirect("desk:money")
    return _page(request, kept, home_form=form)


@require_POST
@needs(Action.SETTINGS)
def set_rate(request: HttpRequest) -> HttpResponse:
    """One more rate, or another one for a currency; it holds for what is told from now on."""
    form = RateForm(request.POST)
    with organisation.alone_with(Money):
        kept = organisation.setting(Money)
        if form.is_valid() and form.given["currency"] == kept.home:
            form.add_error("currency", _("That is the organisation's own."))
        if not kept.home or not form.is_valid() or not _accepts(form, kept):
            return _page(request, kept, rate_form=form)
        rate = Rate(form.given["currency"], f"{form.given['worth']:f}", form.given["as_of"].isoformat())
        _change(request, kept, [*(each for each in kept.rates if each.currency != rate.currency), rate])
    return convert(request, rate.currency)


def _accepts(form: RateForm, kept: Money) -> bool:
    """Whether nobody has told another rate of the currency since the page was drawn."""
    now = _rates_of(kept).get(form.given["currency"], {})
    return form.accepts({"currency": form.given["currency"], **now}, organisation.who_changed(Money))


def _rates_of(kept: Money) -> dict[str, dict[str, str]]:
    return {rate.currency: {"currency": rate.currency, "worth": rate.worth, "as_of": rate.as_of} for rate in kept.rates}


@require_POST
@needs(Action.SETTINGS)
def convert(request: HttpRequest, currency: str) -> HttpResponse:
    """Convert what came in a currency before its rate was known, as much of it as a page can wait for."""
    done = complete(currency)
    if done.contacts:
        judge_anew(done.contacts)
        lake.begin_anew(Path(settings.LAKE))
        told = ngettext(
            "%(number)s amount that had waited for a rate was converted.",
            "%(number)s amounts that had waited for a rate were converted.",
            done.number,
        )
        messages.success(request, told % {"number": f"{done.number:,}"})
    return redirect("desk:money")


@require_POST
@needs(Action.SETTINGS)
def drop_rate(request: HttpRequest) -> HttpResponse:
    """A rate less; gone already is gone."""
    with organisation.alone_with(Money):
        kept = organisation.setting(Money)
        _change(request, kept, [each for each in kept.rates if each.currency != request.POST.get("currency")])
    return redirect("desk:money")


def _change(request: HttpRequest, kept: Money, rates: list[Rate]) -> None:
    in_order = sorted(rates, key=lambda each: each.currency)
    organisation.change(replace(kept, rates=in_order), by=member_of(request))


def _page(
    request: HttpRequest, kept: Money, home_form: HomeForm | None = None, rate_form: RateForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    shown = {
        "money": kept,
        "waiting": waiting(),
        "rates": [(each, (today - date.fromisoformat(each.as_of)).days > OLD_DAYS) for each in kept.rates],
        "home_form": home_form or HomeForm(initial={"home": kept.home}),
        "rate_form": rate_form or RateForm(initial={"as_of": today, "was": json.dumps(_rates_of(kept))}),
    }
    failed = any(form and form.errors for form in (home_form, rate_form))
    return render(request, "desk/money_settings.html", shown, status=422 if failed else 200)
