"""A number of WhatsApp, on a platform that stands in for the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.models import Channel
from tests.apps.conftest import Cast
from tests.apps.integrations.whatsapp.standin import NUMBER, SECRETS, StandIn

PAYLOADS = Path(__file__).parent / "payloads"


def recorded(name: str) -> dict[str, Any]:
    """The recorded deliveries of a file, by what they show."""
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return found


@pytest.fixture
def platform() -> Iterator[StandIn]:
    platform = StandIn()
    yield platform
    platform.close()


@pytest.fixture
def line(cast: Cast, platform: StandIn) -> Channel:
    return add_number(cast, NUMBER, address=platform.address)


def add_number(cast: Cast, number: str, secrets: dict[str, str] = SECRETS, **options: object) -> Channel:
    return add_channel(
        kind="whatsapp",
        name=f"Shop {number}",
        team=cast.south,
        options={"phone_number_id": number} | options,
        secrets=secrets,
        by=cast.admin,
    )


@pytest.fixture
def address(line: Channel) -> str:
    return f"/hooks/whatsapp/{line.source_id}"
