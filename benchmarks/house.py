"""The house as it runs: a PostgreSQL of its own, web and worker as processes, and somebody who sends deliveries."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psycopg

from seamark.cli.serving import free_port
from seamark.site import postgres

RULEBOOK = "wecom-growth"
"""The largest that is bundled."""
CONTACTS = 2_000
TEXTS = (
    "how much is it?",
    "多少钱？",
    "ok thanks",
    "好的谢谢",
    "can you ship to Germany next week? we need {} units",
    "请发一下报价单，要 {} 件",
    "I will think about it",
    "订单 {} 什么时候到",
)
CONNECTIONS = 8
_NOW = b"<now>"


class House(NamedTuple):
    """Where it is, and how to get in."""

    url: str
    """Of the database."""
    environment: Mapping[str, str]
    """Of whoever works in it."""
    port: int
    """Of its pages."""
    key: str
    """For the API."""


@contextmanager
def house() -> Iterator[House]:
    """A house with nobody in it. Commits are durable (fsync and synchronous_commit on)."""
    with TemporaryDirectory(prefix="seamark-bench-") as folder, postgres.running(Path(folder) / "postgres") as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "SEAMARK_HOME": folder,
            "SEAMARK_SECRET_KEY": "a secret of no worth " * 3,
            "SEAMARK_API_REQUESTS_A_MINUTE": "100000000",
            "SEAMARK_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "seamark.site.settings",
        }
        empty = House(url, environment, free_port("127.0.0.1", None), "")
        yield empty._replace(key=told(empty, __name__, RULEBOOK))


def told(house: House, module: str, *given: str) -> str:
    """The last line of what a module of ours says, run in the house."""
    command = [sys.executable, "-m", module, *given]
    done = subprocess.run(command, env=house.environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


@contextmanager
def at_work(house: House, *part: str) -> Iterator[subprocess.Popen[bytes]]:
    """`seamark web` or `seamark worker`, until it is no longer needed."""
    with subprocess.Popen([sys.executable, "-m", "seamark", *part], env=house.environment) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def open_house() -> Iterator[House]:
    """A house with one web process and one worker."""
    with house() as place, at_work(place, "web", "--port", str(place.port)), at_work(place, "worker"):
        _until_ready(place.port)
        yield place


def _until_ready(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the house did not open")


def deliveries(number: int, events: int, name: str) -> list[bytes]:
    """Bodies for `/api/v1/events`: messages of contacts drawn at random; moments are put in as they are sent."""
    draw = random.Random(name)
    return [
        json.dumps(
            {
                "events": [
                    {
                        "contact": f"c{draw.randrange(CONTACTS)}",
                        "kind": "message.received",
                        "occurred_at": _NOW.decode(),
                        "id": f"{name}-{place}-{each}",
                        "props": {"text": draw.choice(TEXTS).format(draw.randrange(1_000))},
                    }
                    for each in range(events)
                ]
            }
        ).encode()
        for place in range(number)
    ]


def send(bodies: Sequence[bytes], house: House, a_second: float | None = None) -> float:
    """Send all over some connections, at a pace or as fast as they are taken; returns the sender's CPU seconds."""
    begun, cpu = time.perf_counter(), time.process_time()
    shares = [list(enumerate(bodies))[place::CONNECTIONS] for place in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(lambda share: _send(share, house, begun, a_second), shares))
    return time.process_time() - cpu


def _send(share: Sequence[tuple[int, bytes]], house: House, begun: float, a_second: float | None) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    headers = {"Authorization": f"Bearer {house.key}", "Content-Type": "application/json"}
    for place, body in share:
        if a_second:
            time.sleep(max(0.0, begun + place / a_second - time.perf_counter()))
        told = body.replace(_NOW, datetime.now(UTC).isoformat().encode())
        connection.request("POST", "/api/v1/events", told, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise RuntimeError(f"{answer.status} {answer.reason}")


def until_handled(url: str) -> None:
    """Wait until nothing waits."""
    with psycopg.connect(url, autocommit=True) as asking:
        while asking.execute("SELECT EXISTS (SELECT FROM timeline_delivery WHERE state = 'new')").fetchall()[0][0]:
            time.sleep(0.05)


def _make(rulebook: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from seamark.apps.accounts.actions import add_member
    from seamark.apps.api.keys import add_key
    from seamark.apps.contacts.actions import topmost_team
    from seamark.apps.tagging.publish import publish
    from seamark.rulebooks import fetch

    publish(text=fetch(rulebook, "")[0], by=None)
    team = topmost_team().name
    member = add_member(
        email="b@example.com", name="B", role="headquarters", team=team, password="not a secret one", by=None
    )
    print(add_key(name="bench", source="bench", member=member, scopes=["events:write"])[1])


if __name__ == "__main__":
    _make(sys.argv[1])
