"""How the installation is, in a few figures."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from seamark import __version__
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import Version
from seamark.site.health import Figures

ALARMS = (
    "migrations_pending",
    "deliveries_set_aside",
    "messages_unknown",
    "channels_stopped",
    "mails_held_up",
    "mails_failed",
    "contacts_differing",
)
"""Figures that somebody has to look into when they are not nought."""


def status_now() -> dict[str, Any]:
    """Version, database, live rulebook, members, contacts, and what waits."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    told: dict[str, Any] = {"version": __version__, "migrations_pending": len(pending)}
    if pending:
        return told
    live = Version.objects.filter(state=Version.State.LIVE).first()
    told |= {
        "rulebook": live and f"{live.name} {live.number}",
        "members": Member.objects.filter(is_active=True).count(),
        "contacts": Contact.objects.count(),
    }
    for gauge in Figures().collect():
        told[gauge.name.removeprefix("seamark_")] = round(gauge.samples[0].value, 1)
    return told
