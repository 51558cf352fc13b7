"""Who did something, as events say it: a member by id, a machine, a phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from seamark.apps.accounts.models import Member


def member_names(actors: Iterable[str]) -> dict[str, str]:
    """The names of the members who did something, by actor."""
    ids = {int(id) for actor in actors if (id := actor.removeprefix("member:")) != actor and id.isdecimal()}
    if not ids:
        return {}
    return {f"member:{id}": name for id, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}


def actor_name(actor: str, names: Mapping[str, str]) -> str:
    """What somebody is called who did something."""
    if actor.startswith("member:"):
        return names.get(actor, gettext("A member"))
    return {"phone": gettext("From the phone"), "machine": gettext("Automatic")}.get(actor, actor)
