"""The house under kill -9: workers and the database are killed at random moments while deliveries come in.

Every delivery is accepted twice, in an order of its own, with moments that lie back and ahead. At the end nothing is
lost, nothing is there twice, no change of a tag is told twice, and the tags are those of the batch evaluator.

    python -m tests.faults.soak --rounds 50
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from seamark.site import postgres
from tests.apps.tiers import TIERS

DELIVERIES_A_ROUND = 40
EVENTS_A_DELIVERY = 5
CONTACTS = 25
TEXTS = ("how much is it?", "多少钱", "ok, thanks", "see you tomorrow")
PATIENCE_SECONDS = 120


@contextmanager
def house(folder: Path) -> Iterator[None]:
    """A database of its own, of this version, with a rulebook live in it."""
    os.environ |= {
        "SEAMARK_HOME": str(folder),
        "SEAMARK_SECRET_KEY": "a secret of no worth " * 3,
        "DJANGO_SETTINGS_MODULE": "seamark.site.settings",
        "SEAMARK_ZONE": "Asia/Shanghai",
    }
    os.environ["DATABASE_URL"] = postgres.start(folder / "postgres")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from seamark.apps.tagging.publish import publish

        publish(text=TIERS, by=None)
        yield
    finally:
        postgres.stop(folder / "postgres")


def soak(rounds: int, seed: int, folder: Path) -> dict[str, int]:
    """Run the rounds; returns what was done. Raises AssertionError for what broke."""
    from django.db import OperationalError, connection

    draw = random.Random(seed)
    killed = {"worker": 0, "database": 0}
    waiting = [delivery for number in range(rounds) for delivery in _deliveries(draw, number) * 2]
    draw.shuffle(waiting)
    share = len(waiting) // rounds + 1
    worker = _worker()
    try:
        for number in range(rounds):
            victim = draw.choice(["worker", "worker", "database"])
            kill_after = draw.randrange(share)
            for place, (key, body) in enumerate(waiting[number * share : (number + 1) * share]):
                if place == kill_after:
                    worker = _kill(victim, worker, folder)
                    killed[victim] += 1
                _accept(key, body, OperationalError, connection)
        _until_all_is_read(OperationalError, connection)
        _check(rounds)
    finally:
        worker.kill()
    return killed | {"deliveries": rounds * DELIVERIES_A_ROUND}


def _deliveries(draw: random.Random, number: int) -> list[tuple[str, bytes]]:
    from django.utils import timezone

    def event(key: str) -> dict[str, object]:
        back = timedelta(seconds=draw.choice([0, 1, 90, 90_000, 400_000, 700_000, -2]))
        return {
            "contact": f"contact {draw.randrange(CONTACTS)}",
            "occurred_at": (timezone.now() - back).isoformat(),
            "kind": draw.choice(["message.received", "message.received", "message.sent"]),
            "id": key,
            "props": {"text": draw.choice(TEXTS)},
        }

    keys = [f"{number}-{place}" for place in range(DELIVERIES_A_ROUND)]
    return [
        (key, json.dumps({"events": [event(f"{key}-{each}") for each in range(EVENTS_A_DELIVERY)]}).encode())
        for key in keys
    ]


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "seamark", "worker"], stderr=subprocess.DEVNULL)


def _kill(victim: str, worker: subprocess.Popen[bytes], folder: Path) -> subprocess.Popen[bytes]:
    if victim == "worker":
        worker.kill()
        worker.wait()
        return _worker()
    postmaster = int((folder / "postgres/data/postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    postgres.start(folder / "postgres")
    return worker


def _accept(key: str, body: bytes, away: type[Exception], connection: object) -> None:
    """As a vendor does: again, until it was answered."""
    from django.db import InterfaceError

    from seamark.apps.timeline import intake

    for _ in range(PATIENCE_SECONDS * 10):
        with suppress(away, InterfaceError):
            intake.accept(source="test", channel_kind="api", source_key=key, body=body)
            return
        connection.close()  # type: ignore[attr-defined]
        time.sleep(0.1)
    raise AssertionError("the database did not come back")


def _until_all_is_read(away: type[Exception], connection: object) -> None:
    from seamark.apps.timeline.models import Delivery

    for _ in range(PATIENCE_SECONDS * 5):
        with suppress(away):
            if not Delivery.objects.filter(state="new").exists():
                return
        time.sleep(0.2)
    raise AssertionError("deliveries were left unread")


def _check(rounds: int) -> None:
    from seamark.apps.contacts.models import Contact, Identity
    from seamark.apps.tagging.oracle import differences
    from seamark.apps.timeline.models import Delivery, Event

    expected = rounds * DELIVERIES_A_ROUND
    assert Delivery.objects.filter(state="done").count() == expected
    assert Event.objects.count() == expected * EVENTS_A_DELIVERY
    assert Contact.objects.count() == Identity.objects.count() <= CONTACTS
    time.sleep(3)  # what lay ahead has happened by now
    assert differences() == []
    _check_changes()


def _check_changes() -> None:
    """Of each tag of each contact, entering and leaving take turns."""
    from seamark.apps.tagging.models import Standing, TagChange

    held: set[tuple[int, int]] = set()
    for contact, tag, edge in TagChange.objects.order_by("id").values_list("contact_id", "tag_id", "edge"):
        assert ((contact, tag) in held) == (edge == "leave"), f"{edge} of tag {tag} twice for contact {contact}"
        held ^= {(contact, tag)}
    standing = {(row.contact_id, tag) for row in Standing.objects.all() for tag in row.tags}
    missing = {tag for _, tag in standing - held}
    assert held <= standing, "a change says held, the standing does not"
    assert len(missing) <= 1, "only the level that is held from before the history has no change"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="seamark-") as parent, house(Path(parent)):
        print(soak(chosen.rounds, chosen.seed, Path(parent)))
