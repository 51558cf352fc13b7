"""The settings an operator gives in the environment, each read once and refused with a reason when it will not do."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import time
from email.utils import parseaddr
from typing import TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from seamark.engine.errors import nearest

SHORTEST_SECRET = 32

Value = TypeVar("Value")


class Misconfigured(Exception):
    """What is wrong with the environment, all of it, a line each."""


class Environment:
    """Reads variables and collects what is wrong with them; `check` raises once, for all."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables
        self._problems: list[str] = []

    def read(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        """The variable, parsed; the default where it is unset or empty, and where it is refused."""
        written = self._variables.get(name, "").strip()
        if not written:
            return default
        try:
            return parse(written)
        except ValueError as error:
            self._problems.append(f"{name}: {error}")
            return default

    def required(self, name: str, parse: Callable[[str], Value], default: Value, remedy: str) -> Value:
        """The variable, which must be set."""
        if not self._variables.get(name, "").strip():
            self._problems.append(f"{name} is not set. {remedy}")
        return self.read(name, parse, default)

    def check(self) -> None:
        """Raises `Misconfigured` with everything that was refused."""
        if self._problems:
            raise Misconfigured("\n".join(self._problems))


def truth(written: str) -> bool:
    """
    >>> truth("1"), truth("no")
    (True, False)
    """
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if written.lower() not in known:
        raise ValueError(f"{written!r} is neither yes nor no")
    return known[written.lower()]


def secret(written: str) -> str:
    """A secret long enough to be one."""
    if len(written) < SHORTEST_SECRET:
        raise ValueError(f"{len(written)} characters are too few; {SHORTEST_SECRET} are the least")
    return written


def names(written: str) -> list[str]:
    """
    >>> names("desk.example.com, localhost")
    ['desk.example.com', 'localhost']
    """
    return [name.strip() for name in written.split(",") if name.strip()]


def address(written: str) -> str:
    """The address at which browsers and vendors reach the site, without a slash at its end."""
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{written!r} is not an address such as https://desk.example.com")
    return written.rstrip("/")


def zone(written: str) -> str:
    """The name of a time zone."""
    if written not in available_timezones():
        near = nearest(written, available_timezones())
        raise ValueError(f"there is no time zone {written!r}" + (f"; did you mean {near}?" if near else ""))
    return ZoneInfo(written).key


def whole(written: str) -> int:
    """
    >>> whole("5")
    5
    """
    if not written.isascii() or not written.isdigit():
        raise ValueError(f"{written!r} is not a whole number")
    return int(written)


def hours(written: str) -> tuple[time, time]:
    """From when until when, on a clock of 24 hours; over midnight where the second is the earlier.

    >>> hours("21:30-09:00")
    (datetime.time(21, 30), datetime.time(9, 0))
    """
    begin, _, end = written.partition("-")
    try:
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise ValueError(f"{written!r} is not a span such as 21:30-09:00") from None


def mail_server(written: str) -> dict[str, object]:
    """Django's settings for an SMTP server: with STARTTLS where there is a name to sign in with, unless it is `smtps`.

    >>> mail_server("smtp://desk:secret@mail.example.com:587")["EMAIL_PORT"]
    587
    """
    parts = urlsplit(written)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("write smtp://name:password@host:587, or smtps:// for TLS from the start")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }


def sender(written: str) -> str:
    """
    >>> sender("Seamark <desk@example.com>")
    'Seamark <desk@example.com>'
    """
    if "@" not in parseaddr(written)[1]:
        raise ValueError(f"{written!r} is not an address such as desk@example.com or Seamark <desk@example.com>")
    return written


def database(written: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL address; the host may be a folder with a socket in it.

    >>> database("postgresql://ann:p%40ss@db:5433/desk")["PASSWORD"]
    'p@ss'
    """
    parts = urlsplit(written)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"{parts.scheme or written!r} is not PostgreSQL; write postgresql://member:password@host/name")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    options = {name: unquote(value) for name, value in query.items() if name not in ("host", "port", "user")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "seamark",
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or unquote(query.get("host", "")),
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": options,
    }
