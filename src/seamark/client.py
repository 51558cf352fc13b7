"""`Desk`: a small client of Seamark's own API, for scripts and other systems.

desk = Desk("https://desk.example.com", key="seamark_…")
desk.tell({"contact": "c-17", "kind": "order.placed", "occurred_at": now, "id": "o-1", "props": {"amount": 90}})
desk.contact(17)["tags"]
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx

EVENTS_AT_ONCE = 1_000
TRIES = 5


class DeskError(Exception):
    """What the desk refused, in its words; `status` is of HTTP, `code` is stable."""

    def __init__(self, status: int, code: str, message: str, details: list[Any]) -> None:
        super().__init__(f"{status} {code}: {message}" + (f" {details}" if details else ""))
        self.status, self.code, self.details = status, code, details


class Desk:
    """A desk at an address, and the key that opens it. May be used in a `with`."""

    def __init__(self, address: str, key: str, *, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(base_url=address, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}"}

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def tell(self, *events: Mapping[str, Any]) -> int:
        """Tell of events; returns how many were stored. `occurred_at` may be an aware datetime."""
        return self.tell_all(events)

    def tell_all(self, events: Iterable[Mapping[str, Any]]) -> int:
        """`tell` of any number, a thousand at a time. One request is tried again under its own Idempotency-Key."""
        return sum(self._tell(parcel) for parcel in _parcels(events))

    def contact(self, id: int) -> dict[str, Any]:
        """A contact and its tags."""
        return self._ask("GET", f"contacts/{id}")

    def then(self, id: int, at: datetime) -> list[dict[str, Any]]:
        """The tags that the contact held at a moment."""
        found: list[dict[str, Any]] = self._ask("GET", f"contacts/{id}/then", params={"at": at.isoformat()})["tags"]
        return found

    def why(self, id: int, tag: str) -> dict[str, Any]:
        """Why the contact holds the tag, or does not."""
        return self._ask("GET", f"contacts/{id}/why", params={"tag": tag})

    def set_tag(self, id: int, tag: str, until: datetime | None = None) -> dict[str, Any]:
        """Hold a tag by hand."""
        return self._hand(id, tag, "set", until)

    def clear_tag(self, id: int, tag: str, until: datetime | None = None) -> dict[str, Any]:
        """Take a tag away by hand."""
        return self._hand(id, tag, "clear", until)

    def lift_hand(self, id: int, tag: str) -> dict[str, Any]:
        """Let the tag be what it computes to again."""
        return self._hand(id, tag, "lift", None)

    def _hand(self, id: int, tag: str, do: str, until: datetime | None) -> dict[str, Any]:
        told = {"tag": tag, "do": do} | ({"until": until.isoformat()} if until else {})
        return self._ask("POST", f"contacts/{id}/tags", json=told)

    def _tell(self, events: list[Mapping[str, Any]]) -> int:
        told = [{**event, "occurred_at": _text(event["occurred_at"])} for event in events]
        answer = self._ask("POST", "events", json={"events": told}, headers={"Idempotency-Key": uuid4().hex})
        return 0 if answer["repeated"] else int(answer["accepted"])

    def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **asked: Any) -> dict[str, Any]:
        for attempt in range(TRIES):
            try:
                answer = self._client.request(
                    method, f"/api/v1/{path}", headers=self._headers | dict(headers or {}), **asked
                )
            except httpx.TransportError:
                if attempt == TRIES - 1:
                    raise
                time.sleep(2**attempt)
                continue
            if attempt < TRIES - 1 and (answer.status_code == 429 or answer.status_code >= 500):
                time.sleep(float(answer.headers.get("Retry-After", 2**attempt)))
                continue
            break
        return _checked(answer)


def _checked(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_success:
        told: dict[str, Any] = answer.json()
        return told
    is_ours = answer.headers.get("Content-Type", "").startswith("application/json")
    problem = answer.json() if is_ours else {}
    raise DeskError(
        answer.status_code,
        problem.get("code", "http"),
        problem.get("message", answer.reason_phrase),
        problem.get("details", []),
    )


def _text(moment: Any) -> Any:
    return moment.isoformat() if isinstance(moment, datetime) else moment


def _parcels(events: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    waiting = iter(events)
    while parcel := list(islice(waiting, EVENTS_AT_ONCE)):
        yield parcel
