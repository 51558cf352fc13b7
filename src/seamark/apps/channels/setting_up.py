"""The settings of channels: connecting, changing, and letting one send again that was stopped."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.meanwhile import who_did
from seamark.apps.accounts.record import What
from seamark.apps.accounts.roles import Action
from seamark.apps.channels import actions
from seamark.apps.channels.access import channel_for, channels_for
from seamark.apps.channels.forms import ChannelForm
from seamark.apps.channels.models import Channel, MessageTemplate, TemplateList
from seamark.apps.channels.openings import use_of
from seamark.apps.channels.registry import adapter_of, adapters
from seamark.apps.channels.template_lists import ask_for_templates


@needs(Action.CHANNELS)
def channels(request: HttpRequest) -> HttpResponse:
    """All channels, and what can be connected."""
    listed = [(each, adapter_of(each.kind)) for each in channels_for(member_of(request)) if each.kind in adapters()]
    shown = {"channels": listed, "kinds": [(kind, adapter.title) for kind, adapter in adapters().items()]}
    return render(request, "channels/channels.html", shown)


@needs(Action.CHANNELS)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Connect one more."""
    if kind not in adapters():
        raise Http404
    form = ChannelForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_channel(
                kind=kind,
                name=form.cleaned_data["name"],
                team=form.cleaned_data["team"],
                options=form.options,
                secrets=form.secrets,
                by=member_of(request),
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s is connected.") % {"name": made.name})
            return redirect("channels:channel", made.pk)
    return _page(request, form, kind)


@needs(Action.CHANNELS)
def channel(request: HttpRequest, id: int) -> HttpResponse:
    """One channel: what to copy, and what to change."""
    found = channel_for(member_of(request), id)
    form = ChannelForm(request.POST or None, kind=found.kind, channel=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if _is_changed(request, form, Channel.objects.select_for_update().get(pk=id)):
                messages.success(request, _("Saved."))
                return redirect("channels:channel", id)
    return _page(request, form, found.kind, found)


def _is_changed(request: HttpRequest, form: ChannelForm, found: Channel) -> bool:
    """Whether the channel is as the form says now; why it is not the form tells."""
    if not form.accepts(form.known(found), who_did(What.CHANNEL_CHANGED, found.pk)):
        return False
    try:
        actions.change_channel(
            channel=found,
            name=form.cleaned_data["name"],
            options=form.options,
            secrets=form.secrets,
            by=member_of(request),
        )
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@require_POST
@needs(Action.CHANNELS)
def resume(request: HttpRequest, id: int) -> HttpResponse:
    """What was stopped goes out again."""
    found = channel_for(member_of(request), id)
    actions.resume_channel(channel=found, by=member_of(request))
    messages.success(request, _("%(name)s sends again.") % {"name": found.name})
    return redirect("channels:channel", found.pk)


@needs(Action.CHANNELS)
def templates(request: HttpRequest, id: int) -> HttpResponse:
    """The channel's templates alone; a POST has the list fetched anew."""
    found = channel_for(member_of(request), id)
    if request.method == "POST":
        ask_for_templates([found])
    return render(request, "channels/parts/templates.html", _templates(found))


def _templates(found: Channel) -> dict[str, Any]:
    """The channel's list of templates and what is known of it; nothing where it has none."""
    return {
        "channel": found,
        "template_list": TemplateList.objects.filter(channel=found).first(),
        "templates": list(MessageTemplate.objects.filter(channel=found).order_by("name", "language")),
    }


def _page(request: HttpRequest, form: ChannelForm, kind: str, found: Channel | None = None) -> HttpResponse:
    adapter = adapter_of(kind)
    path = adapter.address(found) if found else ""
    shown: dict[str, Any] = {
        "form": form,
        "adapter": adapter,
        "channel": found,
        "address": settings.SITE_URL + path if path else "",
        "snippet": adapter.snippet(found) if found else "",
    }
    if found:
        shown["use"] = use_of(found)
    if found and adapter.has_templates(found):
        shown |= _templates(found)
    return render(request, "channels/channel.html", shown, status=422 if form.errors else 200)
