"""The plain way to take events in: the ORM, one event a transaction, judged by the same engine."""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime

import django
from django.db import transaction


def main(number: int) -> None:
    """Take so many events in, and print how many a second."""
    django.setup()
    from benchmarks.house import CONTACTS, TEXTS
    from seamark.apps.contacts.actions import topmost_team
    from seamark.apps.contacts.models import Contact, Identity
    from seamark.apps.tagging.models import Standing
    from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, live_rulebook
    from seamark.apps.timeline.models import Event
    from seamark.engine.moments import as_moment

    live = live_rulebook()
    assert live is not None
    assert live.reader is not None
    team, draw = topmost_team(), random.Random(1)
    begun = time.perf_counter()
    for place in range(number):
        text = draw.choice(TEXTS).format(draw.randrange(1_000))
        with transaction.atomic():
            name = f"orm{draw.randrange(CONTACTS)}"
            identity = Identity.objects.filter(source="orm", external_id=name).first()
            if identity is None:
                contact = Contact.objects.create(name=name, team=team)
                identity = Identity.objects.create(contact=contact, source="orm", external_id=name)
            now = datetime.now(UTC)
            [props] = live.reader([{"text": text}])
            event = Event.objects.create(
                identity=identity,
                occurred_at=now,
                kind="message.received",
                source="orm",
                source_key=str(place),
                props=props,
                recorded_at=now,
            )
            standing, _ = Standing.objects.select_for_update().get_or_create(contact_id=identity.contact_id)
            state = live.online.load(bytes(standing.state)) if standing.state else None
            state = state or live.online.state()
            moment = as_moment(now)
            live.online.fold(
                state, live.plan.reads.event("c", moment, event.kind, props, ORGANISATION_ZONE, id=str(event.pk))
            )
            verdict = live.online.verdict(state, moment)
            standing.tags = [live.tag_ids[tag] for tag in verdict.tags]
            standing.since = [None] * len(standing.tags)
            standing.state = live.online.dump(state)
            standing.version_id = live.version_id
            standing.save()
    print(number / (time.perf_counter() - begun))


if __name__ == "__main__":
    main(int(sys.argv[1]))
