"""The settings of other systems: their keys, the webhooks they asked for, and what became of the last calls."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.roles import Action
from seamark.apps.api.forms import KeyForm, WebhookForm
from seamark.apps.api.keys import add_key, revoke_key
from seamark.apps.api.models import Call, Key, Webhook
from seamark.apps.api.webhooks import add_webhook, switch_webhook

CALLS = 50
"""So many of the last calls are shown."""


@needs(Action.SETTINGS)
def keys(request: HttpRequest) -> HttpResponse:
    """All keys; POST makes one, and the answer alone shows its text."""
    form = KeyForm(request.POST or None, by=member_of(request))
    if request.method == "POST" and form.is_valid():
        made, text = add_key(**form.cleaned_data, by=member_of(request))
        return _keys(request, KeyForm(by=member_of(request)), made=made, text=text)
    return _keys(request, form)


@require_POST
@needs(Action.SETTINGS)
def revoke(request: HttpRequest, id: int) -> HttpResponse:
    """The key opens nothing any more."""
    revoke_key(key=get_object_or_404(Key, pk=id), by=member_of(request))
    messages.success(request, _("Revoked."))
    return redirect("connections:keys")


@needs(Action.SETTINGS)
def webhooks(request: HttpRequest) -> HttpResponse:
    """All webhooks; POST adds one, and the answer alone shows what signs its calls."""
    form = WebhookForm(request.POST or None, by=member_of(request))
    if request.method == "POST" and form.is_valid():
        made, text = add_webhook(**form.cleaned_data, by=member_of(request))
        return _webhooks(request, WebhookForm(by=member_of(request)), made=made, text=text)
    return _webhooks(request, form)


@needs(Action.SETTINGS)
def webhook(request: HttpRequest, id: int) -> HttpResponse:
    """The last calls to one address; POST switches it off, or on again."""
    found = get_object_or_404(Webhook.objects.select_related("member"), pk=id)
    if request.method == "POST":
        switch_webhook(webhook=found, on=not found.is_active, by=member_of(request))
        return redirect("connections:webhook", id)
    calls = list(Call.objects.filter(webhook=found).order_by("-pk")[: CALLS + 1])
    shown = {"webhook": found, "calls": calls[:CALLS], "more": len(calls) > CALLS}
    return render(request, "api/webhook.html", shown)


def _keys(request: HttpRequest, form: KeyForm, **shown: Any) -> HttpResponse:
    listed = Key.objects.select_related("member", "source").order_by("-is_active", "-pk")
    titles = dict(Key.Scope.choices)
    shown |= {
        "form": form,
        "keys": [(key, [titles[scope] for scope in key.scopes]) for key in listed],
        "address": f"{settings.SITE_URL}/api/v1/docs",
    }
    return _render(request, "api/keys.html", form, shown)


def _webhooks(request: HttpRequest, form: WebhookForm, **shown: Any) -> HttpResponse:
    listed = Webhook.objects.select_related("member").order_by("-is_active", "-pk")
    return _render(request, "api/webhooks.html", form, shown | {"form": form, "webhooks": listed})


def _render(request: HttpRequest, page: str, form: KeyForm | WebhookForm, shown: dict[str, Any]) -> HttpResponse:
    return render(request, page, shown, status=422 if form.errors else 200)
