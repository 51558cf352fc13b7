"""The site and the worker in processes of their own, on the database of the test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from django.db import connection

PATIENCE_SECONDS = 60


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """The address at which it answers. The test must commit what the site is to see."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--log-level", "error"]
    command += ["--workers-kill-timeout", "1", "--port", str(port), "tests.browser.application:application"]
    with _running(command, environment) as process:
        _wait_for(f"http://localhost:{port}", process)
        yield f"http://localhost:{port}"


@contextmanager
def working() -> Iterator[subprocess.Popen[bytes]]:
    """What happens without anybody's asking, happens; yields the process that does it."""
    with _running([sys.executable, "-m", "tests.browser.working"], {}) as process:
        yield process


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + quote(str(connection.settings_dict["NAME"])))
    process = subprocess.Popen(command, env=os.environ | environment | {"DATABASE_URL": database.geturl()})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/health/live"):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the site did not start")
