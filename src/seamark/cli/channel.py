"""`seamark channel`: the connected lines."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seamark.cli.failures import Failure, one_of
from seamark.cli.language import say
from seamark.cli.screen import out
from seamark.cli.serving import prepare

if TYPE_CHECKING:
    from seamark.apps.channels.models import Channel


def channel(
    action: str, what: str, name: str, team: str | None, options: Sequence[str], secrets_file: Path | None
) -> None:
    """Add a channel of a kind, list all, change one, or let one send again that the platform's complaints stopped."""
    one_of("usage.action", action, ["add", "list", "change", "resume"])
    prepare()
    if action == "add":
        _add(what, name, team, options, secrets_file)
    elif action == "list":
        _list()
    elif action == "change":
        _change(what, options, secrets_file)
    else:
        _resume(what)


def _add(kind: str, name: str, team: str | None, options: Sequence[str], secrets_file: Path | None) -> None:
    from seamark.apps.accounts.errors import ActionRefused
    from seamark.apps.accounts.models import Team
    from seamark.apps.channels.actions import add_channel
    from seamark.apps.channels.registry import adapters
    from seamark.apps.contacts.actions import topmost_team

    one_of("wrong.channel_kind", kind, adapters())
    topmost = topmost_team()
    named = one_of("wrong.team", team or topmost.name, Team.objects.values_list("name", flat=True))
    secrets = _secrets(kind, secrets_file)
    try:
        added = add_channel(
            kind=kind,
            name=name or kind,
            team=Team.objects.get(name=named),
            options=_pairs(options),
            secrets=secrets,
            by=None,
        )
    except ActionRefused as refused:
        raise Failure("wrong.channel", reason=refused) from None
    out().print(say("channel.added", channel=added.source_id))
    if address := _address(added.kind, added.source_id):
        out().print(say("channel.address", address=address), soft_wrap=True)


def _list() -> None:
    from seamark.apps.channels.models import Channel

    for each in Channel.objects.order_by("name", "pk"):
        stopped = f"{each.get_stopped_display()} ({each.stopped_code})" if each.stopped else ""
        line = "  ".join([each.source_id, each.name, _address(each.kind, each.source_id), stopped])
        out().print(line.rstrip(), soft_wrap=True)


def _change(key: str, options: Sequence[str], secrets_file: Path | None) -> None:
    from seamark.apps.channels.actions import change_channel

    found = _called(key)
    change_channel(channel=found, options=_pairs(options), secrets=_secrets(found.kind, secrets_file), by=None)
    out().print(say("channel.changed", channel=key))


def _resume(key: str) -> None:
    from seamark.apps.channels.actions import resume_channel

    resume_channel(channel=_called(key), by=None)
    out().print(say("channel.resumed", channel=key))


def _called(key: str) -> Channel:
    from seamark.apps.channels.models import Channel

    known = {each.source_id: each for each in Channel.objects.all()}
    return known[one_of("wrong.channel_key", key, known)]


def _secrets(kind: str, file: Path | None) -> dict[str, str]:
    """Those of the file, or those that are typed; one that is left empty is none."""
    from seamark.apps.channels.registry import adapter_of

    if file:
        return _pairs(file.read_text().split())
    typed = {name: _asked(name) for name in adapter_of(kind).needs.secrets}
    return {name: value for name, value in typed.items() if value}


def _address(kind: str, key: str) -> str:
    """Where the platform must deliver; empty where it delivers nothing."""
    from django.conf import settings

    from seamark.apps.channels.models import Channel
    from seamark.apps.channels.registry import adapter_of

    path = adapter_of(kind).address(Channel.objects.get(source=key))
    return f"{settings.SITE_URL}{path}" if path else ""


def _pairs(written: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in written]
    for name, equals, _ in pairs:
        if not equals:
            raise Failure("wrong.pair", found=name)
    return {name: value for name, _, value in pairs}


def _asked(name: str) -> str:
    ask: Callable[[str], str] = getpass.getpass if sys.stdin.isatty() else lambda _: sys.stdin.readline().strip()
    return ask(f"{name}: ")
