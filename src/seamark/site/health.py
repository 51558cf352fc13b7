"""Whether this process is well, and figures for those who watch it."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from seamark import __version__


def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live", "version": __version__})


def ready(request: HttpRequest) -> JsonResponse:
    """The process can do its work: the database answers. 503 otherwise."""
    begun = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM tagging_version LIMIT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer, or is of an older version"}, status=503)
    return JsonResponse({"status": "ready", "database_ms": round(1000 * (time.perf_counter() - begun), 1)})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for whoever sends `Authorization: Bearer` with the token of SEAMARK_METRICS_TOKEN."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse("Send the token of SEAMARK_METRICS_TOKEN.\n", status=401, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """How much waits, and for how long, as the database has it; each figure is one look at a small index."""

    _QUERIES = (
        (
            "seamark_deliveries_waiting",
            "Deliveries stored and not read yet.",
            "SELECT count(*) FROM timeline_delivery WHERE state = 'new'",
        ),
        (
            "seamark_delivery_oldest_seconds",
            "Age of the oldest delivery that waits.",
            "SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0) "
            "FROM timeline_delivery WHERE state = 'new'",
        ),
        (
            "seamark_deliveries_set_aside",
            "Deliveries that could not be read.",
            "SELECT count(*) FROM timeline_delivery WHERE state = 'aside'",
        ),
        (
            "seamark_contacts_due",
            "Contacts whose tags are due to be looked at.",
            "SELECT count(*) FROM tagging_standing WHERE recheck_at <= now()",
        ),
        (
            "seamark_contact_overdue_seconds",
            "How late the contact is that is due longest.",
            "SELECT coalesce(greatest(extract(epoch FROM now() - min(recheck_at)), 0), 0) FROM tagging_standing "
            "WHERE recheck_at <= now()",
        ),
        (
            "seamark_messages_due",
            "Messages that could leave now.",
            "SELECT count(*) FROM channels_outboxmessage WHERE state IN ('queued', 'held') AND next_at <= now()",
        ),
        (
            "seamark_messages_unknown",
            "Messages of which nobody knows whether they left.",
            "SELECT count(*) FROM channels_outboxmessage WHERE state = 'unknown'",
        ),
        (
            "seamark_channels_stopped",
            "Channels that hold messages back until somebody has looked.",
            "SELECT count(*) FROM channels_channel WHERE stopped <> ''",
        ),
        (
            "seamark_mails_held_up",
            "Mails that wait since the mail server is away, or does not let Seamark in.",
            "SELECT count(*) FROM accounts_mail WHERE state = 'waiting' AND EXISTS "
            "(SELECT FROM accounts_mail WHERE state = 'waiting' AND is_held_up)",
        ),
        (
            "seamark_mails_failed",
            "Mails of the last seven days that were refused for good, or tried in vain for a day.",
            "SELECT count(*) FROM accounts_mail WHERE state IN ('refused', 'given-up') "
            "AND settled_at > now() - interval '7 days'",
        ),
        (
            "seamark_contacts_differing",
            "Contacts of last night's sample whose tags are not those that the batch evaluator finds.",
            "SELECT coalesce((SELECT differing FROM tagging_comparison ORDER BY id DESC LIMIT 1), 0)",
        ),
    )

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge for each query."""
        with connection.cursor() as cursor:
            for name, told, query in self._QUERIES:
                cursor.execute(query)
                gauge = GaugeMetricFamily(name, told)
                gauge.add_metric([], float(cursor.fetchone()[0]))
                yield gauge
