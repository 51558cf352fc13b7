"""`seamark run`, `web`, `worker`, `migrate`, `member` and `status`: the product's processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.cli.failures import Failure, one_of
from seamark.cli.language import say
from seamark.cli.screen import out, print_json, progress
from seamark.readers.shape import Row

STOPPING_SECONDS = 10
PORTS_TRIED = 50


def prepare() -> None:
    """Environment, database and Django, or a failure that says all that is wrong with them."""
    from seamark.site.environment import Misconfigured
    from seamark.site.home import prepare
    from seamark.site.postgres import PostgresError

    try:
        prepare()
    except (Misconfigured, PostgresError) as error:
        raise Failure("wrong.environment", reason=error) from None


def run(host: str, port: int | None) -> None:
    """Everything on one machine: database, web and worker, until a signal or until one of them ends."""
    prepare()
    from seamark.site.home import bring_up_to_date

    bring_up_to_date()
    serve(host, free_port(host, port))


def serve(host: str, port: int) -> None:
    """Web and worker as processes of their own; both end together."""
    command = [sys.executable, "-m", "seamark"]
    parts = [
        subprocess.Popen([*command, "web", "--host", host, "--port", str(port)]),
        subprocess.Popen([*command, "worker"]),
    ]
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: _stop(parts))
    out().print(say("serve.at", address=f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"))
    while all(part.poll() is None for part in parts):
        time.sleep(0.2)
    _stop(parts)
    for part in parts:
        with suppress(subprocess.TimeoutExpired):
            part.wait(STOPPING_SECONDS)
        part.kill()


def serve_demo(sources: dict[str, Sequence[Row]], rulebook: str, zone: str, port: int | None) -> None:
    """The desk with the examples in it, in a home of its own; loaded anew on another day."""
    port = free_port("127.0.0.1", port)
    os.environ |= {
        "SEAMARK_URL": f"http://localhost:{port}",
        "SEAMARK_HOME": str(Path(os.environ.get("SEAMARK_HOME", ".seamark")) / "demo"),
        "SEAMARK_DEMO": "1",
        "SEAMARK_ZONE": zone,
    }
    os.environ.pop("DATABASE_URL", None)  # the demo empties its database
    prepare()
    from seamark.site import demo
    from seamark.site.home import bring_up_to_date

    bring_up_to_date()
    if not demo.is_of(datetime.now(ZoneInfo(zone)).date()):
        with progress(say("progress.loading"), sum(map(len, sources.values()))) as told:
            demo.load(sources, rulebook, told)
    out().print()
    out().print(say("demo.members", password=demo.password()))
    for name, email, role, team in demo.MEMBERS:
        out().print(f"  {email:<22} {name}, {role}, {team}")
    out().print(say("demo.chat", address=f"http://localhost:{port}/chat/demo"))
    serve("127.0.0.1", port)


def _stop(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        if part.poll() is None:
            part.terminate()


def free_port(host: str, wanted: int | None) -> int:
    """The port that was asked for, or else 8000 or the next that nobody uses."""
    for port in [wanted] if wanted else range(8000, 8000 + PORTS_TRIED):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                tried.bind((host, port))
                return port
    raise Failure("wrong.port", port=wanted or f"8000–{8000 + PORTS_TRIED - 1}")


def web(host: str, port: int, processes: int) -> None:
    """The pages, the API and the vendors' webhooks."""
    prepare()
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "seamark.site.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=processes,
        workers_kill_timeout=3,  # open event streams would hold a stop up
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
    ).serve()


def worker() -> None:
    """What happens without anybody's asking: reading deliveries, the clock, the outbox, jobs."""
    prepare()
    from seamark.site.worker import Worker

    Worker().run()


def migrate() -> None:
    """Bring database and static files to this version."""
    prepare()
    from seamark.site.home import bring_up_to_date

    bring_up_to_date()
    out().print(say("serve.migrated"))


def member(action: str, email: str, name: str, role: str, team: str | None, password_file: Path | None) -> None:
    """Add a member; the password is read from a file, or asked for."""
    one_of("usage.action", action, ["add"])
    prepare()
    from django.core.exceptions import ValidationError

    from seamark.apps.accounts.actions import add_member
    from seamark.apps.accounts.roles import ROLES
    from seamark.apps.contacts.actions import topmost_team

    one_of("wrong.role", role, ROLES)
    password = password_file.read_text().strip() if password_file else _asked_password()
    try:
        add_member(email=email, name=name, role=role, team=team or topmost_team().name, password=password, by=None)
    except ValidationError as refused:
        raise Failure("wrong.member", reason=" ".join(refused.messages)) from None
    out().print(say("serve.member", email=email))


def _asked_password() -> str:
    import getpass

    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass(say("serve.password") + " ")


def status(*, as_json: bool) -> None:
    """How the installation is: database, rulebook, what waits."""
    prepare()
    from seamark.site.status import ALARMS, status_now

    told = status_now()
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        style = "bold red" if name in ALARMS and value else ""
        out().print(f"{say(f'status.{name}'):<24} {value}", style=style)
