"""Forms of channels: what each kind asks for, as its adapter says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from seamark.apps.accounts.meanwhile import SettingsForm
from seamark.apps.accounts.models import Team
from seamark.apps.channels.adapter import Needs
from seamark.apps.channels.models import Channel
from seamark.apps.channels.registry import adapter_of
from seamark.apps.channels.secrets import opened

OPTION, SECRET = "option_", "secret_"


def _field(needs: Needs, name: str) -> forms.Field:
    if name in needs.whole:
        return forms.IntegerField(min_value=1, max_value=10_000)
    if name in needs.choices:
        return forms.ChoiceField(choices=needs.choices[name])
    return forms.CharField(max_length=500)


class ChannelForm(SettingsForm):
    """A channel's name, options and secrets. Secrets are taken and never shown again."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)

    def __init__(self, *args: Any, kind: str, channel: Channel | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = self.known(channel) if channel else {}
        super().__init__(*args, **kwargs)
        if channel is None:
            self.fields["team"] = forms.ModelChoiceField(
                Team.objects.order_by("name"),
                label=_("New contacts come to the public sea of"),
                empty_label=None,
            )
        needs, kept = adapter_of(kind).needs, opened(channel) if channel else {}
        for name in (*needs.options, *needs.may_have):
            field = _field(needs, name)
            field.label, field.help_text = str(needs.titles.get(name, name)), str(needs.hints.get(name, ""))
            field.required = name in needs.options
            self.fields[f"{OPTION}{name}"] = field
        for name in needs.secrets:
            self.fields[f"{SECRET}{name}"] = forms.CharField(
                label=str(needs.titles.get(name, name)),
                help_text=_("Kept and not shown; leave it empty to keep it as it is.")
                if name in kept
                else str(needs.hints.get(name, "")),
                max_length=2_000,
                required=name not in kept,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )
        self.fields["short"] = forms.BooleanField(
            label=_("Links in messages go by the desk, which notes when they are followed"), required=False
        )

    @staticmethod
    def known(channel: Channel) -> dict[str, Any]:
        """What is set of a channel, but its secrets."""
        options = {f"{OPTION}{name}": value for name, value in channel.options.items()}
        return {"name": channel.name, "short": channel.options.get("links") == "short", **options}

    @property
    def options(self) -> dict[str, str]:
        """All options, as they are to be; empty ones among them."""
        return self._given(OPTION) | {"links": "short" if self.cleaned_data["short"] else ""}

    @property
    def secrets(self) -> dict[str, str]:
        """Those that were filled in."""
        return {name: value for name, value in self._given(SECRET).items() if value}

    def _given(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): "" if value is None else str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }
