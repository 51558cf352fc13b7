"""The house under kill -9: web, worker and database are killed at random moments while deliveries come in.

Several senders at once post every delivery twice, in an order of its own, with moments that lie back and ahead, and
post it again until it is answered. At the end nothing is lost, nothing is there twice, no change of a tag is told
twice, and the tags are those of the batch evaluator.

    python -m tests.faults.soak --rounds 50
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from seamark.cli.serving import free_port
from seamark.site import postgres
from tests.apps.tiers import TIERS

DELIVERIES_A_ROUND = 40
EVENTS_A_DELIVERY = 5
CONTACTS = 25
TEXTS = ("how much is it?", "多少钱", "ok, thanks", "see you tomorrow")
SENDERS = 4
PATIENCE_SECONDS = 120
VICTIMS = ("worker", "web", "web child", "database")


@dataclass
class House:
    """The processes, each in a group of its own."""

    folder: Path
    port: int = field(default_factory=lambda: free_port("127.0.0.1", None))
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *parts: str) -> None:
        """Start these, once more or for the first time."""
        commands = {"web": ["web", "--port", str(self.port)], "worker": ["worker"]}
        for part in parts:
            command = [sys.executable, "-m", "seamark", *commands[part]]
            self.parts[part] = subprocess.Popen(
                command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    def kill(self, victim: str) -> None:
        """Without a warning; whoever watches over processes starts it again, and web looks after its children."""
        if victim == "database":
            postmaster = int((self.folder / "postgres/data/postmaster.pid").read_text().splitlines()[0])
            os.kill(postmaster, signal.SIGKILL)
            postgres.start(self.folder / "postgres")
        elif victim == "web child":
            web = self.parts["web"].pid
            first, *_ = Path(f"/proc/{web}/task/{web}/children").read_text().split()
            with suppress(ProcessLookupError):
                os.kill(int(first), signal.SIGKILL)
        else:
            self.end(victim)
            self.start(victim)

    def end(self, part: str) -> None:
        """With all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.parts[part].pid, signal.SIGKILL)
        self.parts[part].wait()


@contextmanager
def house(folder: Path) -> Iterator[None]:
    """A database of its own, of this version, with a rulebook live in it."""
    os.environ |= {
        "SEAMARK_HOME": str(folder),
        "SEAMARK_SECRET_KEY": "a secret of no worth " * 3,
        "DJANGO_SETTINGS_MODULE": "seamark.site.settings",
        "SEAMARK_ZONE": "Asia/Shanghai",
        "SEAMARK_API_REQUESTS_A_MINUTE": "1000000",
    }
    os.environ["DATABASE_URL"] = postgres.start(folder / "postgres")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        from seamark.apps.tagging.publish import publish

        publish(text=TIERS, by=None)
        yield
    finally:
        postgres.stop(folder / "postgres")


def soak(rounds: int, seed: int, folder: Path) -> dict[str, int]:
    """Run the rounds; returns what was done. Raises AssertionError for what broke."""
    draw = random.Random(seed)
    waiting = [delivery for number in range(rounds) for delivery in _deliveries(draw, number) * 2]
    draw.shuffle(waiting)
    killed: Counter[str] = Counter()
    place, api_key = House(folder), _api_key()
    place.start("web", "worker")
    try:
        with ThreadPoolExecutor(SENDERS) as senders:
            sent = queue.SimpleQueue[None]()
            sending = [senders.submit(_send, place.port, api_key, *each, sent) for each in waiting]
            for number in range(rounds):
                for _ in range(draw.randrange(1, len(waiting) // rounds)):
                    sent.get(timeout=PATIENCE_SECONDS)
                victim = VICTIMS[(number + seed) % len(VICTIMS)]
                place.kill(victim)
                killed[victim] += 1
            for each in sending:
                each.result()
        _until_all_is_read()
        _until_jobs_are_done()
        _check(rounds)
    finally:
        for part in place.parts:
            place.end(part)
    return dict(killed) | {"deliveries": rounds * DELIVERIES_A_ROUND}


def _api_key() -> str:
    from seamark.apps.accounts.actions import add_member
    from seamark.apps.api.keys import add_key
    from seamark.apps.contacts.actions import topmost_team

    team, password = topmost_team().name, "not a secret one"
    member = add_member(email="s@example.com", name="S", role="headquarters", team=team, password=password, by=None)
    return add_key(name="soak", source="test", member=member, scopes=["events:write"])[1]


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


def _send(port: int, api_key: str, key: str, body: bytes, sent: queue.SimpleQueue[None]) -> None:
    """As a vendor does: again, until it was answered."""
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json", "Idempotency-Key": key}
    for _ in range(PATIENCE_SECONDS * 10):
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            asking.request("POST", "/api/v1/events", body, headers)
            if asking.getresponse().status == 202:
                sent.put(None)
                return
        asking.close()
        time.sleep(0.1)
    raise AssertionError("the web process or the database did not come back")


def _until_all_is_read() -> None:
    from django.db import OperationalError, connection

    from seamark.apps.timeline.models import Delivery

    for _ in range(PATIENCE_SECONDS * 5):
        with suppress(OperationalError):
            if not Delivery.objects.filter(state="new").exists():
                return
        connection.close()
        time.sleep(0.2)
    raise AssertionError("deliveries were left unread")


def _until_jobs_are_done() -> None:
    """Whoever works on jobs lost the database too, and went on."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from seamark.apps.timeline.tasks import fill_the_lake

    job = fill_the_lake.configure(queueing_lock="soak").defer(timestamp=0)
    for _ in range(PATIENCE_SECONDS * 5):
        if not ProcrastinateJob.objects.filter(pk=job).exists():
            return
        time.sleep(0.2)
    raise AssertionError("a job was left undone")


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
